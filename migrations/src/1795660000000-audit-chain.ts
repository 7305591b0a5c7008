import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit trail can only be added to, and each line carries the hash of the one before it (docs/adr/0033). The database does it, so that
 * lines of the release before are in the chain too.
 */
export class AuditChain1795660000000 implements MigrationInterface {
  readonly name = 'AuditChain1795660000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...COLUMNS, ...CHAIN, LINES_BEFORE, ...ONLY_ADDED])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `drop trigger tr_audit_truncate on audit`,
      `drop trigger tr_audit_change on audit`,
      `drop trigger tr_audit_chain on audit`,
      `drop function audit_unchanged()`,
      `drop function audit_chain()`,
      `drop function audit_canonical(audit)`,
      `drop function audit_field(text)`,
      `drop table audit_head`,
      `alter table audit drop column seq, drop column prev_hash, drop column hash, drop column from_address,
        drop column from_agent, drop column sign_in`,
    ])
      await runner.query(statement);
  }
}

const COLUMNS = [
  `alter table audit add column seq bigint, add column prev_hash bytea, add column hash bytea,
    add column from_address text, add column from_agent text, add column sign_in text`,
  `create index ix_audit_seq on audit (household_id, seq)`,
  `create index ix_audit_actor on audit (actor_id)`,
  `create index ix_audit_concerns on audit (concerns_id)`,
  // The last line of each household; its row is the lock under which lines are numbered.
  `create table audit_head (
    household_id uuid constraint pk_audit_head primary key constraint fk_audit_head_household references household on delete cascade,
    seq bigint not null default 0,
    hash bytea not null default decode(repeat('00', 32), 'hex'))`,
];

const CHAIN = [
  // Octets of the UTF-8, a colon, the text, a line feed; a dash for what is not there.
  `create function audit_field(value text) returns bytea language sql immutable as $$
    select convert_to(coalesce(octet_length(convert_to(value, 'UTF8')) || ':' || value, '-') || chr(10), 'UTF8') $$`,
  `create function audit_canonical(line audit) returns bytea language sql immutable as $$
    select audit_field(line.household_id::text) || audit_field(line.seq::text) || audit_field(line.id::text)
      || audit_field(trunc(extract(epoch from line.at) * 1000000)::text) || audit_field(line.actor_id::text)
      || audit_field(line.concerns_id::text) || audit_field(line.rule) || audit_field(line.action)
      || audit_field(line.subject_kind) || audit_field(line.subject_id::text) || audit_field(line.subject)
      || audit_field(line.bytes::text) || audit_field(line.private::text) || audit_field(line.from_address) || audit_field(line.from_agent)
      || audit_field(line.sign_in) $$`,
  `create function audit_chain() returns trigger language plpgsql as $$
    declare head audit_head;
    begin
      insert into audit_head (household_id) values (new.household_id) on conflict do nothing;
      select * into head from audit_head where household_id = new.household_id for no key update;
      new.seq := head.seq + 1;
      new.prev_hash := head.hash;
      new.hash := sha256(audit_canonical(new) || new.prev_hash);
      update audit_head set seq = new.seq, hash = new.hash where household_id = new.household_id;
      return new;
    end $$`,
  `create trigger tr_audit_chain before insert on audit for each row execute function audit_chain()`,
];

/** In the order of their ids, which is that of their time. */
const LINES_BEFORE = `do $$
  declare line audit; head audit_head;
  begin
    for line in select * from audit order by household_id, id loop
      insert into audit_head (household_id) values (line.household_id) on conflict do nothing;
      select * into head from audit_head where household_id = line.household_id;
      line.seq := head.seq + 1;
      line.prev_hash := head.hash;
      line.hash := sha256(audit_canonical(line) || line.prev_hash);
      update audit set seq = line.seq, prev_hash = line.prev_hash, hash = line.hash where id = line.id;
      update audit_head set seq = line.seq, hash = line.hash where household_id = line.household_id;
    end loop;
  end $$`;

const ONLY_ADDED = [
  // With a household that is deleted goes its trail.
  `create function audit_unchanged() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and not exists (select from household where id = old.household_id) then return old; end if;
      raise exception 'lines of the audit trail are never changed or deleted';
    end $$`,
  `create trigger tr_audit_change before update or delete on audit for each row execute function audit_unchanged()`,
  `create trigger tr_audit_truncate before truncate on audit for each statement execute function audit_unchanged()`,
];
