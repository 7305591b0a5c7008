import type { BinCatalog, BinItem, Doer, DoneBy } from '@rootcellar/archive';
import type { Clock, HouseholdId, MemberId, RootId } from '@rootcellar/model';
import type { DataSource, EntityManager } from 'typeorm';
import { audit } from '../audit.js';
import { firstRow, rows } from '../sql.js';
import { CONCERNS } from './concerns.sql.js';
import type { Concerns } from './concerns.sql.js';
import { SUBJECT } from './subject.sql.js';

type Kind = 'snapshot' | 'artifact';

interface DueRoot extends Concerns {
  readonly id: RootId;
  readonly kind: Kind;
  readonly subject: string;
  readonly rule: string | null;
  readonly by: MemberId | null;
  /** What forgetting it was said to free. */
  readonly bytes: string | null;
}

export class PgBinCatalog implements BinCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async forget(
    householdId: HouseholdId,
    items: readonly (BinItem & { readonly rule?: string })[],
    by: DoneBy,
    days: number,
  ): Promise<{ readonly forgotten: readonly RootId[]; readonly goneAfter: Date }> {
    const known = new Map(items.map((item) => [item.id, item]));
    return this.#source.transaction(async (tx) => {
      const moved = await rows<{ id: RootId; kind: Kind } & Concerns>(
        tx,
        `with item as (
            select * from jsonb_to_recordset($2::jsonb) as item (id uuid, rule text)),
          moved as (
            update root set forgotten_at = now(), gone_after = now() + $3 * interval '1 day', forgotten_by = $4,
              forgotten_rule = coalesce(item.rule, $5)
            from item where root.id = item.id and household_id = $1 and forgotten_at is null and pinned_at is null
            returning root.*)
          select id, kind, ${CONCERNS('moved')} from moved`,
        [
          householdId,
          JSON.stringify(items.map(({ id, rule }) => ({ id, rule }))),
          days,
          by.memberId ?? null,
          by.rule ?? null,
        ],
      );
      const until = await firstRow<{ at: Date }>(tx, `select now() + $1 * interval '1 day' as at`, [
        days,
      ]);
      await audit(
        tx,
        this.#clock,
        householdId,
        moved.map(({ id, ...root }) => ({
          ...{ action: 'forgotten', ...root, id, memberId: by.memberId, from: by.from },
          subject: known.get(id)?.subject ?? '',
          bytes: known.get(id)?.bytes,
          rule: known.get(id)?.rule ?? by.rule,
        })),
      );
      return { forgotten: moved.map(({ id }) => id), goneAfter: until?.at ?? this.#clock.now() };
    });
  }

  async undo(
    householdId: HouseholdId,
    ids: readonly RootId[],
    by: Doer,
  ): Promise<readonly RootId[]> {
    return this.#source.transaction(async (tx) => {
      const back = await rows<{ id: RootId; kind: Kind; subject: string } & Concerns>(
        tx,
        `with back as (
            update root set forgotten_at = null, gone_after = null, forgotten_by = null, forgotten_rule = null
            where household_id = $1 and id = any($2::uuid[]) and forgotten_at is not null returning *)
          select back.id, back.kind, ${SUBJECT('back')} as subject, ${CONCERNS('back')} from back`,
        [householdId, ids],
      );
      await audit(
        tx,
        this.#clock,
        householdId,
        back.map((root) => ({ ...root, action: 'undone', ...by })),
      );
      return back.map(({ id }) => id);
    });
  }

  async setPinned(
    householdId: HouseholdId,
    id: RootId,
    pinned: boolean,
    by: Doer,
  ): Promise<boolean> {
    return this.#source.transaction(async (tx) => {
      const root = await firstRow<{ kind: Kind; subject: string; was: boolean } & Concerns>(
        tx,
        `select kind, pinned_at is not null as was, ${SUBJECT('root')} as subject, ${CONCERNS('root')} from root
          where household_id = $1 and id = $2 and forgotten_at is null for update`,
        [householdId, id],
      );
      if (root === undefined) return false;
      if (root.was === pinned) return true;
      await tx.query(`update root set pinned_at = case when $2 then now() end where id = $1`, [
        id,
        pinned,
      ]);
      const { kind, subject, concernsId } = root;
      const action = pinned ? 'pinned' : 'unpinned';
      await audit(tx, this.#clock, householdId, [
        { ...{ action, kind, subject, concernsId, private: root.private }, id, ...by },
      ]);
      return true;
    });
  }

  async removeDue(householdId: HouseholdId, most: number): Promise<number> {
    return this.#source.transaction(async (tx) => {
      const due = await rows<DueRoot>(
        tx,
        `select id, kind, forgotten_rule as rule, forgotten_by as by, ${SUBJECT('root')} as subject,
            ${CONCERNS('root')},
            (select bytes from audit where subject_id = root.id and action = 'forgotten' order by audit.id desc limit 1) as bytes
          from root
          where household_id = $1 and forgotten_at is not null and gone_after <= now()
          order by gone_after, id limit $2 for update skip locked`,
        [householdId, most],
      );
      if (due.length === 0) return 0;
      await removeRoots(
        tx,
        due.map(({ id }) => id),
      );
      await audit(
        tx,
        this.#clock,
        householdId,
        due.map(({ rule, by, bytes, ...root }) => ({
          ...{ ...root, action: 'removed' },
          ...{ rule: rule ?? undefined, memberId: by ?? undefined },
          bytes: bytes === null ? undefined : Number(bytes),
        })),
      );
      return due.length;
    });
  }

  async emptyBin(householdId: HouseholdId, by: Doer): Promise<number> {
    return this.#source.transaction(async (tx) => {
      const ended = await rows(
        tx,
        `with ended as (
            update root set gone_after = now() where household_id = $1 and forgotten_at is not null returning id)
          select id from ended`,
        [householdId],
      );
      const subject = `${ended.length} items`;
      await audit(tx, this.#clock, householdId, [
        { action: 'bin-emptied', kind: 'household', subject, ...by },
      ]);
      return ended.length;
    });
  }
}

/** Roots with all that hangs on them; versions of which nothing is left go too. */
async function removeRoots(tx: EntityManager, ids: readonly RootId[]): Promise<void> {
  const versions = await rows<{ id: string }>(
    tx,
    `select id from app_version where id in (select app_version_id from artifact where id = any($1::uuid[]))
      order by id for update`,
    [ids],
  );
  await tx.query('delete from root where id = any($1::uuid[])', [ids]);
  // A statement of its own: it sees what was added until the lock was given.
  await tx.query(
    `delete from app_version where id = any($1::uuid[])
      and not exists (select from artifact where app_version_id = app_version.id)`,
    [versions.map(({ id }) => id)],
  );
}
