import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What somebody asked for, and what became of it: a queue that is lost loses none of it. */
export class JobRequest1795300000000 implements MigrationInterface {
  readonly name = 'JobRequest1795300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table job_request (
      id uuid constraint pk_job_request primary key,
      household_id uuid not null constraint fk_job_request_household references household on delete cascade,
      name text not null,
      options jsonb not null,
      requested_at timestamptz not null default now(),
      started_at timestamptz,
      cancelled_at timestamptz,
      progress jsonb not null default '{}',
      ended_at timestamptz,
      result jsonb,
      failure text,
      constraint ck_job_request_end check (ended_at is not null or (result is null and failure is null)))`);
    // One of a kind per household waits or runs.
    await runner.query(
      `create unique index uq_job_request_open on job_request (household_id, name) where ended_at is null`,
    );
    await runner.query(`create index ix_job_request_household on job_request (household_id, id)`);
    await runner.query(
      `create index ix_job_request_ended on job_request (ended_at) where ended_at is not null`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table job_request`);
  }
}
