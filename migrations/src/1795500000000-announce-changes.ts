import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What changed in a household is told to every process that listens, by the transaction that changed it. */
export class AnnounceChanges1795500000000 implements MigrationInterface {
  readonly name = 'AnnounceChanges1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...FUNCTIONS, ...TRIGGERS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop trigger tr_root_announce on root`);
    await runner.query(`drop trigger tr_job_request_announce on job_request`);
    await runner.query(`drop trigger tr_retention_policy_announce on retention_policy`);
    await runner.query(
      `drop function announce_root(), announce_job_request(), announce_retention_policy()`,
    );
  }
}

/** Ids only: household, kind, id, whose it is. The same line twice in a transaction is told once. */
function announce(table: string, kind: string, id: string, member: string): string {
  return `create function announce_${table}() returns trigger language plpgsql as $$
    declare changed ${table} := coalesce(new, old);
    begin
      perform pg_notify('rootcellar_change', concat_ws(' ', changed.household_id, ${kind}, ${id}, ${member}));
      return null;
    end $$`;
}

const FUNCTIONS = [
  announce('root', 'changed.kind', 'changed.id', 'changed.member_id'),
  announce('job_request', `'job'`, 'changed.id', 'null'),
  announce('retention_policy', `'policy'`, 'changed.household_id', 'null'),
];

const TRIGGERS = [
  `create trigger tr_root_announce after insert or delete or update of pinned_at, forgotten_at, gone_after on root
    for each row execute function announce_root()`,
  `create trigger tr_job_request_announce after insert or update or delete on job_request
    for each row execute function announce_job_request()`,
  `create trigger tr_retention_policy_announce after insert or update on retention_policy
    for each row execute function announce_retention_policy()`,
];
