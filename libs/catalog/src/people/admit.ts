import type { Joining, NewAccount, Role } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { AccountId, HouseholdId, MemberId } from '@rootcellar/model';
import type { EntityManager } from 'typeorm';
import { AccountRow, MemberRow } from '../rows/people.row.js';
import { firstRow } from '../sql.js';
import type { Runner } from '../sql.js';

interface Invited {
  readonly householdId: HouseholdId;
  readonly role: Role;
  readonly name: string | null;
}

/** @returns false when somebody signs in with its address */
export async function addAccount(tx: EntityManager, account: NewAccount): Promise<boolean> {
  // Two at a time: the second waits for the first to end.
  await tx.query('select pg_advisory_xact_lock(hashtextextended(lower($1), 0))', [account.email]);
  const taken = await firstRow(tx, 'select id from account where lower(email) = lower($1)', [
    account.email,
  ]);
  if (taken !== undefined) return false;
  await tx.insert(AccountRow, { ...account, passwordHash: account.passwordHash ?? null });
  return true;
}

/** Who was a member before, or is leaving, is the same one again. @throws ArchiveError MEMBER_ALREADY */
export async function admit(
  tx: EntityManager,
  { householdId, role, name }: Invited,
  joining: Joining & { readonly accountId: AccountId },
): Promise<MemberId> {
  const { accountId, memberId } = joining;
  // Two invitations of one household at a time: the second waits and finds a member.
  await tx.query('select from account where id = $1 for update', [accountId]);
  const before = await firstRow<{ id: MemberId; left: boolean }>(
    tx,
    `select id, removed_at is not null or leaving_until is not null as left from member where household_id = $1 and account_id = $2
      order by removed_at desc nulls first, id limit 1 for update`,
    [householdId, accountId],
  );
  if (before?.left === false)
    throw new ArchiveError('MEMBER_ALREADY', 'You belong to this household already.');
  if (before !== undefined) {
    await tx.query(
      'update member set removed_at = null, leaving_until = null, role = $2 where id = $1',
      [before.id, role],
    );
    return before.id;
  }
  const shown = 'account' in joining ? joining.account.name : await nameOf(tx, accountId, name);
  await tx.insert(MemberRow, { id: memberId, householdId, accountId, role, name: shown });
  return memberId;
}

/** As the household calls them, else as they call themselves. */
async function nameOf(tx: Runner, accountId: AccountId, invited: string | null): Promise<string> {
  if (invited !== null) return invited;
  const account = await firstRow<{ name: string }>(tx, 'select name from account where id = $1', [
    accountId,
  ]);
  return account?.name ?? 'member';
}
