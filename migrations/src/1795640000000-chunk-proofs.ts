import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which stored chunks an upload has shown to have, and what sharing storage tells members of each other (docs/adr/0031). */
export class ChunkProofs1795640000000 implements MigrationInterface {
  readonly name = 'ChunkProofs1795640000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table upload_shown`);
    await runner.query(`drop index ix_upload_member`);
    await runner.query(`alter table upload drop column alone_below`);
    await runner.query(`alter table household drop column dedup_by_member`);
  }
}

const STATEMENTS = [
  `alter table household add column dedup_by_member boolean not null default false`,
  // Set when a second member begins to add things: chunks below were this upload's member's.
  `alter table upload add column alone_below bigint`,
  `create index ix_upload_member on upload (household_id, member_id)`,
  // Ordinals as a portable Roaring bitmap, a row for each note of traffic.
  `create table upload_shown (
    upload_id uuid not null constraint fk_upload_shown_upload references upload on delete cascade,
    seq bigint generated always as identity,
    ordinals bytea not null,
    constraint pk_upload_shown primary key (upload_id, seq))`,
  // Uploads of the release before sent their bytes without noting it: what a household has by now is taken as theirs, if they are alone.
  `update upload set alone_below = household.next_ordinal from household
    where household.id = upload.household_id and upload.state = 'open'
      and not exists (select from upload as other
        where other.household_id = upload.household_id and other.member_id <> upload.member_id)`,
];
