import type {
  Change,
  GivenRole,
  NewAccount,
  Origin,
  ProviderCatalog,
  ProviderIdentity,
  Role,
} from '@rootcellar/archive';
import type { AccountId, Clock, HouseholdId, MemberId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { audit } from '../audit.js';
import { firstRow, rows } from '../sql.js';
import type { Runner } from '../sql.js';
import { recordChange } from './change.js';
import type { SignInsEnded } from './pg-account-catalog.js';
import { done } from './pg-second-factor-catalog.js';

export class PgProviderCatalog implements ProviderCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;
  readonly #ended: SignInsEnded;

  constructor(source: DataSource, clock: Clock, ended: SignInsEnded) {
    this.#source = source;
    this.#clock = clock;
    this.#ended = ended;
  }

  async findLinked(
    { issuer, subject }: ProviderIdentity,
    now: Date,
  ): Promise<AccountId | undefined> {
    const found = await firstRow<{ accountId: AccountId }>(
      this.#source,
      `with used as (update provider_link set last_used_at = $3 where issuer = $1 and subject = $2 returning account_id)
        select account_id as "accountId" from used`,
      [issuer, subject, now],
    );
    return found?.accountId;
  }

  async link(change: Change, { issuer, subject }: ProviderIdentity): Promise<boolean> {
    return this.#source.transaction(async (tx) => {
      const { accountId } = change;
      if (await insertLink(tx, { accountId, issuer, subject, now: this.#clock.now() })) {
        await recordChange(tx, this.#clock, change);
        return true;
      }
      const found = await firstRow(
        tx,
        'select from provider_link where issuer = $1 and subject = $2 and account_id = $3',
        [issuer, subject, accountId],
      );
      return found !== undefined;
    });
  }

  async createLinked(
    { id, email, name, operator }: NewAccount,
    { issuer, subject }: ProviderIdentity,
  ): Promise<boolean> {
    const runner = this.#source.createQueryRunner();
    try {
      await runner.startTransaction();
      const made =
        (await done(
          runner,
          `insert into account (id, email, name, operator) values ($1, $2, $3, $4) on conflict do nothing returning id`,
          [id, email, name, operator],
        )) &&
        (await insertLink(runner, { accountId: id, issuer, subject, now: this.#clock.now() }));
      if (made) await runner.commitTransaction();
      else await runner.rollbackTransaction();
      return made;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  async applyRoles(
    person: {
      readonly accountId: AccountId;
      readonly name: string;
      readonly from: Origin | undefined;
    },
    roles: readonly GivenRole[],
    newId: () => MemberId,
  ): Promise<void> {
    const changed = await this.#source.transaction(async (tx) => {
      let changes = 0;
      for (const { householdId, role } of roles) {
        const place = { ...person, householdId, role, clock: this.#clock };
        if (await giveRole(tx, place, newId)) changes += 1;
      }
      return changes > 0;
    });
    if (changed) this.#ended(person.accountId);
  }
}

async function insertLink(
  tx: Runner,
  link: ProviderIdentity & { readonly accountId: AccountId; readonly now: Date },
): Promise<boolean> {
  return done(
    tx,
    `insert into provider_link (issuer, subject, account_id, created_at) values ($1, $2, $3, $4)
      on conflict do nothing returning account_id`,
    [link.issuer, link.subject, link.accountId, link.now],
  );
}

interface Place {
  readonly accountId: AccountId;
  readonly name: string;
  readonly householdId: HouseholdId;
  readonly role: Role | undefined;
  readonly clock: Clock;
  readonly from: Origin | undefined;
}

/** @returns whether anything changed */
async function giveRole(tx: Runner, place: Place, newId: () => MemberId): Promise<boolean> {
  const { accountId, householdId, clock } = place;
  const members = await rows<{ id: MemberId; role: Role; removed: boolean }>(
    tx,
    `select id, role, removed_at is not null as removed from member where household_id = $1 and account_id = $2`,
    [householdId, accountId],
  );
  const member = members.find(({ removed }) => !removed);
  // Whom somebody removed is not brought back by a group.
  if (member === undefined) return members.length === 0 && (await addMember(tx, place, newId));
  const role = place.role ?? (member.role === 'admin' ? 'member' : member.role);
  if (role === member.role) return false;
  if (member.role === 'admin' && !(await hasOtherAdministrator(tx, householdId, member.id)))
    return false;
  await tx.query('update member set role = $2 where id = $1', [member.id, role]);
  const line = { action: 'role-changed', kind: 'account', subject: role } as const;
  await audit(tx, clock, householdId, [{ ...line, memberId: member.id, from: place.from }]);
  return true;
}

async function addMember(
  tx: Runner,
  { accountId, householdId, name, role, clock, from }: Place,
  newId: () => MemberId,
): Promise<boolean> {
  if (role === undefined) return false;
  const memberId = newId();
  const added = await done(
    tx,
    `insert into member (id, household_id, account_id, name, role) select $1, id, $3, $4, $5 from household where id = $2
      on conflict do nothing returning id`,
    [memberId, householdId, accountId, name, role],
  );
  const line = { action: 'role-changed', kind: 'account', subject: role } as const;
  if (added) await audit(tx, clock, householdId, [{ ...line, memberId, from }]);
  return added;
}

async function hasOtherAdministrator(
  tx: Runner,
  householdId: HouseholdId,
  memberId: MemberId,
): Promise<boolean> {
  // Two who are taken down at a time: the second looks when the first is done.
  await tx.query('lock table member in exclusive mode');
  const found = await firstRow(
    tx,
    `select from member where household_id = $1 and id <> $2 and role = 'admin' and removed_at is null limit 1`,
    [householdId, memberId],
  );
  return found !== undefined;
}
