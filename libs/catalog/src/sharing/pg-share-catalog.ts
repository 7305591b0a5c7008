import type { NewShare, ShareCatalog, ShareId, ShareableRoot } from '@rootcellar/archive';
import type { AuditLine, Doer } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { Clock, HouseholdId, MemberId, RootId } from '@rootcellar/model';
import type { DataSource, EntityManager } from 'typeorm';
import { audit } from '../audit.js';
import { SUBJECT } from '../bin/subject.sql.js';
import { HOUSEHOLD_WIDE, SHARE_IS_OPEN } from '../gate/readable-roots.sql.js';
import { firstRow } from '../sql.js';

type Kind = 'snapshot' | 'artifact';

export class PgShareCatalog implements ShareCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async findShareable(owner: MemberId, rootId: RootId): Promise<ShareableRoot | undefined> {
    return firstRow<ShareableRoot>(
      this.#source,
      `select kind, coalesce(encrypted, false) as encrypted, ${HOUSEHOLD_WIDE('root')} as "householdWide"
        from root left join snapshot on snapshot.id = root.id
        where root.id = $2 and root.member_id = $1 and forgotten_at is null`,
      [owner, rootId],
    );
  }

  async isMember(householdId: HouseholdId, memberId: MemberId): Promise<boolean> {
    const found = await firstRow(
      this.#source,
      'select id from member where household_id = $1 and id = $2 and removed_at is null',
      [householdId, memberId],
    );
    return found !== undefined;
  }

  async give(share: NewShare, by: Doer): Promise<ShareId> {
    const { id, householdId, rootId, bundleId, receiverId, until } = share;
    return this.#source.transaction(async (tx) => {
      const given = await firstRow<{ id: ShareId }>(
        tx,
        `with given as (
            insert into share (id, household_id, root_id, bundle_id, receiver_id, until) values ($1, $2, $3, $4, $5, $6)
            on conflict (root_id, receiver_id, coalesce(bundle_id, '')) where ended_at is null
              do update set until = excluded.until
            returning id)
          select id from given`,
        [id, householdId, rootId, bundleId ?? null, receiverId, until],
      );
      if (given === undefined) throw new ArchiveError('INTERNAL', 'The share was not recorded.');
      await this.#note(tx, given.id, { action: 'shared', ...by });
      return given.id;
    });
  }

  async end(householdId: HouseholdId, id: ShareId, by: Doer): Promise<boolean> {
    return this.#source.transaction(async (tx) => {
      const ended = await firstRow<{ refused: boolean }>(
        tx,
        `with ended as (
            update share set ended_at = now() from root
            where share.id = $2 and share.household_id = $1 and root.id = share.root_id and ${SHARE_IS_OPEN('share')}
              and (root.member_id = $3 or receiver_id = $3)
            returning receiver_id)
          select receiver_id = $3 as refused from ended`,
        [householdId, id, by.memberId],
      );
      if (ended === undefined) return false;
      const action = ended.refused ? 'share-refused' : 'share-revoked';
      await this.#note(tx, id, { action, ...by });
      return true;
    });
  }

  async setPrivate(owner: Doer, rootId: RootId, isPrivate: boolean): Promise<boolean> {
    return this.#source.transaction(async (tx) => {
      const root = await firstRow<{
        was: boolean;
        kind: Kind;
        subject: string;
        householdId: HouseholdId;
      }>(
        tx,
        `select household_wide is false as was, kind, ${SUBJECT('root')} as subject, household_id as "householdId"
          from root where id = $2 and member_id = $1 and kind = 'artifact' for update`,
        [owner.memberId, rootId],
      );
      if (root === undefined) return false;
      const { was, householdId, ...line } = root;
      if (was === isPrivate) return true;
      await tx.query('update root set household_wide = case when $2 then false end where id = $1', [
        rootId,
        isPrivate,
      ]);
      await audit(tx, this.#clock, householdId, [
        {
          ...{ action: isPrivate ? 'made-private' : 'made-household-wide', ...line, id: rootId },
          ...{ ...owner, concernsId: owner.memberId, private: isPrivate },
        },
      ]);
      return true;
    });
  }

  /** A line that the owner, who did it and whom it was shared with may see: it can name an app. */
  async #note(
    tx: EntityManager,
    id: ShareId,
    line: Pick<AuditLine, 'action'> & Doer,
  ): Promise<void> {
    const share = await firstRow<{
      kind: Kind;
      rootId: RootId;
      householdId: HouseholdId;
      ownerId: MemberId;
      subject: string;
      bundleId: string | null;
      receiver: string;
    }>(
      tx,
      `select kind, root.id as "rootId", root.household_id as "householdId", root.member_id as "ownerId",
          ${SUBJECT('root')} as subject, bundle_id as "bundleId", member.name as receiver
        from share join root on root.id = share.root_id join member on member.id = share.receiver_id where share.id = $1`,
      [id],
    );
    if (share === undefined) return;
    const { kind, rootId, householdId, ownerId, subject, bundleId, receiver } = share;
    const what = bundleId === null ? subject : `${subject}: ${bundleId}`;
    await audit(tx, this.#clock, householdId, [
      {
        ...line,
        kind,
        id: rootId,
        concernsId: ownerId,
        private: true,
        subject: `${what}, with ${receiver}`,
      },
    ]);
  }
}
