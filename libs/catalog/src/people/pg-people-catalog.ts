import type {
  HouseholdOf,
  Membership,
  NewAccount,
  NewCredential,
  NewHousehold,
  NewMember,
  PeopleCatalog,
  Principal,
  Profile,
  Renewal,
} from '@rootcellar/archive';
import { SESSION_IDLE_DAYS } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { AccountId, Clock, CredentialId, HouseholdId, MemberId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { AccountRow, CredentialRow, HouseholdRow, MemberRow } from '../rows/people.row.js';
import { firstRow, rows } from '../sql.js';
import { RecentPrincipals } from './recent-principals.js';

export class PgPeopleCatalog implements PeopleCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;
  readonly #recent: RecentPrincipals;

  /** @param recent what others who end sign-ins tell of it */
  constructor(source: DataSource, clock: Clock, recent = new RecentPrincipals(clock)) {
    this.#source = source;
    this.#clock = clock;
    this.#recent = recent;
  }

  async hasAdministrator(): Promise<boolean> {
    return this.#source.manager.existsBy(MemberRow, { role: 'admin' });
  }

  async createFirst({
    household,
    account,
    member,
    credential,
  }: {
    readonly household: NewHousehold;
    readonly account: NewAccount;
    readonly member: NewMember;
    readonly credential: NewCredential;
  }): Promise<void> {
    await this.#source.transaction(async (tx) => {
      // Two set-ups at a time: the second waits here and then finds the first.
      await tx.query('lock table member in exclusive mode');
      if (await tx.existsBy(MemberRow, { role: 'admin' })) {
        throw new ArchiveError(
          'SETUP_DONE',
          'This service was set up by somebody else a moment ago.',
        );
      }
      await tx.insert(HouseholdRow, {
        ...household,
        wrappedKey: Buffer.from(household.wrappedKey),
      });
      await tx.insert(AccountRow, { ...account, passwordHash: account.passwordHash ?? null });
      await tx.insert(MemberRow, member);
      await tx.insert(CredentialRow, toRow(credential, this.#clock.now()));
    });
  }

  async findAccount(
    email: string,
  ): Promise<{ accountId: AccountId; passwordHash: string | undefined } | undefined> {
    const found = await firstRow<{ accountId: AccountId; passwordHash: string | null }>(
      this.#source,
      `select id as "accountId", password_hash as "passwordHash" from account where lower(email) = lower($1)`,
      [email],
    );
    return found && { ...found, passwordHash: found.passwordHash ?? undefined };
  }

  async memberships(accountId: AccountId): Promise<readonly Membership[]> {
    const found = await rows<Nullable<Membership>>(
      this.#source,
      `select id as "memberId", household_id as "householdId", role, leaving_until as "leavingUntil" from member
        where account_id = $1 and ${BELONGS} order by created_at, id`,
      [accountId],
    );
    return found.map(toMembership);
  }

  async householdsOf(accountId: AccountId): Promise<readonly HouseholdOf[]> {
    const found = await rows<Nullable<HouseholdOf>>(
      this.#source,
      `select member.id as "memberId", household_id as "householdId", household.name as "householdName", role,
          leaving_until as "leavingUntil"
        from member join household on household.id = household_id
        where account_id = $1 and ${BELONGS} order by member.created_at, member.id`,
      [accountId],
    );
    return found.map(toMembership);
  }

  async switchHousehold(
    { accountId, credentialId }: Pick<Principal, 'accountId' | 'credentialId'>,
    householdId: HouseholdId,
  ): Promise<Membership | undefined> {
    const found = await firstRow<Nullable<Membership>>(
      this.#source,
      `with found as (
          select id, household_id, role, leaving_until from member
          where account_id = $1 and household_id = $2 and ${BELONGS}),
        switched as (
          update credential set member_id = found.id from found where credential.id = $3 returning found.*)
        select id as "memberId", household_id as "householdId", role, leaving_until as "leavingUntil" from switched`,
      [accountId, householdId, credentialId],
    );
    this.#recent.forget(credentialId);
    return found && toMembership(found);
  }

  async addCredential(credential: NewCredential): Promise<void> {
    await this.#source.manager.insert(CredentialRow, toRow(credential, this.#clock.now()));
  }

  async removeCredential(id: CredentialId): Promise<void> {
    await this.#source.manager.delete(CredentialRow, { id });
    this.#recent.forget(id);
  }

  /** In this process, at once; others remember for a moment longer. */
  forgetAccount(accountId: AccountId): void {
    this.#recent.forgetAccount(accountId);
  }

  async renewCredential({
    tokenHash,
    newHash,
    now,
    notSince,
    previousUntil,
  }: Renewal): Promise<boolean> {
    const renewed = await rows(
      this.#source,
      `with renewed as (
          update credential set token_hash = $2, previous_token_hash = token_hash, previous_until = $5, renewed_at = $3
          where token_hash = $1 and kind = 'session' and coalesce(renewed_at, created_at) < $4 returning id)
        select from renewed`,
      [Buffer.from(tokenHash), Buffer.from(newHash), now, notSince, previousUntil],
    );
    return renewed.length > 0;
  }

  async findPrincipal(tokenHash: Uint8Array): Promise<Principal | undefined> {
    const recent = this.#recent.get(tokenHash);
    if (recent !== undefined) return recent;
    const { ended } = this.#recent;
    const found = await firstRow<FoundCredential>(this.#source, FIND_CREDENTIAL, [
      Buffer.from(tokenHash),
      this.#clock.now(),
    ]);
    if (found === undefined) return undefined;
    const principal = toPrincipal(found);
    this.#recent.remember(tokenHash, principal, ended);
    return principal;
  }

  async profile({ accountId, membership }: Principal): Promise<Profile> {
    const found = await firstRow<Profile>(
      this.#source,
      `select account.id as "accountId", member.id as "memberId", coalesce(member.name, account.name) as name, account.email, role,
          operator, household_id as "householdId", household.name as "householdName", time_zone as "timeZone"
        from account left join member on member.id = $2 left join household on household.id = household_id
        where account.id = $1`,
      [accountId, membership?.memberId ?? null],
    );
    if (found === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such account.');
    return found;
  }

  async wrappedKey(householdId: HouseholdId): Promise<Uint8Array> {
    const household = await this.#source.manager.findOneBy(HouseholdRow, { id: householdId });
    if (household === null) throw new ArchiveError('NOT_FOUND', 'There is no such household.');
    return household.wrappedKey;
  }
}

type FoundCredential = Omit<Principal, 'membership'> & {
  readonly memberId: MemberId | null;
  readonly householdId: HouseholdId;
  readonly role: Membership['role'];
  readonly leavingUntil: Date | null;
};

type Nullable<T extends { readonly leavingUntil?: Date | undefined }> = Omit<T, 'leavingUntil'> & {
  readonly leavingUntil: Date | null;
};

/** Of a member: has not left, and their last day of reading is not over. */
const BELONGS = '(removed_at is null and (leaving_until is null or leaving_until > now()))';

/** Of a member who was removed, or an account that is gone, none is found. The release before names no account. */
const FIND_CREDENTIAL = `
  with found as (
      select credential.id, credential.kind, scope, account.id as account_id, operator,
        member.id as member_id, household_id, role, leaving_until,
        credential.kind = 'session' and token_hash = $1
          and coalesce(renewed_at, credential.created_at) < $2::timestamptz - interval '1 day' as renew
      from credential left join member on member.id = member_id
      join account on account.id = coalesce(credential.account_id, member.account_id)
      where (token_hash = $1 or (previous_token_hash = $1 and previous_until > $2))
        and (expires_at is null or expires_at > $2)
        and (credential.kind = 'token'
          or coalesce(last_used_at, credential.created_at) > $2::timestamptz - interval '${SESSION_IDLE_DAYS} days')
        and (member_id is null or ${BELONGS})),
    used as (
      update credential set last_used_at = $2 from found
      where credential.id = found.id and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute'))
  select id as "credentialId", kind, scope, renew, account_id as "accountId", operator, member_id as "memberId",
    household_id as "householdId", role, leaving_until as "leavingUntil"
  from found`;

function toPrincipal(found: FoundCredential): Principal {
  const { memberId, householdId, role, leavingUntil, ...principal } = found;
  const leaving = leavingUntil === null ? {} : { leavingUntil };
  const membership = memberId === null ? undefined : { memberId, householdId, role, ...leaving };
  return { ...principal, membership };
}

function toMembership<T extends { readonly leavingUntil: Date | null }>({
  leavingUntil,
  ...membership
}: T): Omit<T, 'leavingUntil'> & Pick<Membership, 'leavingUntil'> {
  return { ...membership, leavingUntil: leavingUntil ?? undefined };
}

function toRow(
  { memberId, tokenHash, expiresAt, ...credential }: NewCredential,
  createdAt: Date,
): Omit<
  CredentialRow,
  'lastUsedAt' | 'renewedAt' | 'previousTokenHash' | 'previousUntil' | 'apiToken'
> {
  return {
    ...credential,
    createdAt,
    memberId: memberId ?? null,
    tokenHash: Buffer.from(tokenHash),
    expiresAt: expiresAt ?? null,
  };
}
