import type {
  Doer,
  InvitationCatalog,
  InvitationView,
  Joined,
  Joining,
  NewHousehold,
  NewInvitation,
  Role,
} from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { Clock, HouseholdId, InvitationId } from '@rootcellar/model';
import type { DataSource, EntityManager } from 'typeorm';
import { audit } from '../audit.js';
import { HouseholdRow } from '../rows/people.row.js';
import { firstRow } from '../sql.js';
import { addAccount, admit } from './admit.js';
import type { RecentPrincipals } from './recent-principals.js';
import { VALID_INVITATION } from './valid-invitation.sql.js';

export class PgInvitationCatalog implements InvitationCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;
  readonly #recent: RecentPrincipals;

  constructor(source: DataSource, clock: Clock, recent: RecentPrincipals) {
    this.#source = source;
    this.#clock = clock;
    this.#recent = recent;
  }

  async create(invitation: NewInvitation): Promise<Date> {
    return this.#source.transaction(async (tx) => this.#create(tx, invitation));
  }

  async createHousehold(household: NewHousehold, first: NewInvitation): Promise<Date> {
    return this.#source.transaction(async (tx) => {
      const wrappedKey = Buffer.from(household.wrappedKey);
      await tx.insert(HouseholdRow, { ...household, wrappedKey });
      await audit(tx, this.#clock, household.id, [
        {
          ...{ action: 'household-created', kind: 'household', subject: household.name },
          ...{ rule: OPERATOR, from: first.from },
        },
      ]);
      return this.#create(tx, first);
    });
  }

  async revoke(householdId: HouseholdId, id: InvitationId, by: Doer): Promise<boolean> {
    return this.#source.transaction(async (tx) => {
      const revoked = await firstRow<{ role: Role; name: string | null }>(
        tx,
        `with revoked as (
            update invitation set revoked_at = now()
            where household_id = $1 and id = $2 and revoked_at is null and accepted_at is null and expires_at > now()
            returning role, name)
          select * from revoked`,
        [householdId, id],
      );
      if (revoked === undefined) return false;
      const of = { kind: 'invitation', id, subject: subjectOf(revoked), ...by } as const;
      await audit(tx, this.#clock, householdId, [{ action: 'invitation-revoked', ...of }]);
      return true;
    });
  }

  async find(tokenHash: Uint8Array): Promise<InvitationView | undefined> {
    const found = await firstRow<Omit<InvitationView, 'name'> & { readonly name: string | null }>(
      this.#source,
      `select household.name as "householdName", coalesce(inviter.name, account.name) as "invitedBy", invitation.role, invitation.name,
          expires_at as "expiresAt"
        from ${VALID_INVITATION} join household on household.id = invitation.household_id
        where token_hash = $1`,
      [Buffer.from(tokenHash)],
    );
    return found && { ...found, name: found.name ?? undefined };
  }

  async accept(tokenHash: Uint8Array, joining: Joining): Promise<Joined | undefined> {
    const outcome = await this.#source.transaction(async (tx) => {
      const invitation = await this.#lock(tx, tokenHash);
      if (invitation === undefined) return undefined;
      if ('account' in joining && !(await addAccount(tx, joining.account))) {
        await tx.query('update invitation set refusals = refusals + 1 where id = $1', [
          invitation.id,
        ]);
        return 'account-exists';
      }
      const accountId = 'account' in joining ? joining.account.id : joining.accountId;
      const memberId = await admit(tx, invitation, { ...joining, accountId });
      await tx.query('update invitation set accepted_at = now(), accepted_by = $2 where id = $1', [
        invitation.id,
        memberId,
      ]);
      if ('credentialId' in joining) {
        await tx.query('update credential set member_id = $2 where id = $1 and member_id is null', [
          joining.credentialId,
          memberId,
        ]);
      }
      const { householdId, householdName } = invitation;
      const of = {
        kind: 'member',
        id: memberId,
        subject: subjectOf(invitation),
        memberId,
        from: joining.from,
      } as const;
      await audit(tx, this.#clock, householdId, [{ action: 'joined', ...of }]);
      return { householdId, householdName, memberId };
    });
    if (outcome === 'account-exists') throw accountExists();
    if ('credentialId' in joining) this.#recent.forget(joining.credentialId);
    if (outcome !== undefined) this.#recent.forgetMember(outcome.memberId);
    return outcome;
  }

  async #create(tx: EntityManager, invitation: NewInvitation): Promise<Date> {
    const { id, householdId, invitedBy, memberId, role, name, tokenHash, days, from } = invitation;
    const created = await firstRow<{ expiresAt: Date }>(
      tx,
      `with created as (
          insert into invitation (id, household_id, invited_by, member_id, role, name, token_hash, expires_at)
          values ($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 day') returning expires_at)
        select expires_at as "expiresAt" from created`,
      [
        ...[id, householdId, invitedBy, memberId ?? null, role, name ?? null],
        ...[Buffer.from(tokenHash), days],
      ],
    );
    const who = memberId === undefined ? { rule: OPERATOR } : { memberId };
    const subject = subjectOf({ role, name: name ?? null });
    await audit(tx, this.#clock, householdId, [
      { action: 'invited', kind: 'invitation', id, subject, from, ...who },
    ]);
    return created?.expiresAt ?? this.#clock.now();
  }

  /** Who comes second waits here, and then finds it spent. */
  async #lock(tx: EntityManager, tokenHash: Uint8Array): Promise<Invitation | undefined> {
    const hash = Buffer.from(tokenHash);
    await tx.query('select from invitation where token_hash = $1 for update', [hash]);
    // A statement of its own: it sees what was done until the lock was given.
    return firstRow<Invitation>(
      tx,
      `select invitation.id, invitation.household_id as "householdId", household.name as "householdName", invitation.role,
          invitation.name
        from ${VALID_INVITATION} join household on household.id = invitation.household_id where token_hash = $1`,
      [hash],
    );
  }
}

const OPERATOR = 'operator';

interface Invitation {
  readonly id: InvitationId;
  readonly householdId: HouseholdId;
  readonly householdName: string;
  readonly role: Role;
  readonly name: string | null;
}

function subjectOf({ role, name }: { readonly role: Role; readonly name: string | null }): string {
  return name === null ? role : `${name}, ${role}`;
}

function accountExists(): ArchiveError {
  return new ArchiveError(
    'ACCOUNT_EXISTS',
    'Somebody signs in with this e-mail address already. The invitation can still be used.',
    { hint: 'If that is you: sign in first, then join with the invitation.' },
  );
}
