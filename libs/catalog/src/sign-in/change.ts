import type { Change, Origin, SignInNote } from '@rootcellar/archive';
import type { AccountId, Clock, HouseholdId, MemberId } from '@rootcellar/model';
import { audit } from '../audit.js';
import { rows } from '../sql.js';
import type { Runner } from '../sql.js';

/** Notes a change of how an account signs in, and ends the sign-ins that it ends. */
export async function recordChange(
  tx: Runner,
  clock: Clock,
  { accountId, by, note, from, ends }: Change,
): Promise<void> {
  await tx.query(
    `delete from credential where id <> $2
      and (account_id = $1 or (account_id is null and member_id in (select id from member where account_id = $1)))
      and case $3 when 'browsers' then kind = 'session' else scope <> 'push' end`,
    [accountId, by, ends],
  );
  await noteSignIn(tx, clock, { accountId, note, from });
}

/** One line in the audit trail of every household the account belongs to. */
export async function noteSignIn(
  tx: Runner,
  clock: Clock,
  {
    accountId,
    note,
    from,
  }: {
    readonly accountId: AccountId;
    readonly note: SignInNote;
    readonly from: Origin | undefined;
  },
): Promise<void> {
  const places = await rows<{ memberId: MemberId; householdId: HouseholdId }>(
    tx,
    `select id as "memberId", household_id as "householdId" from member
      where account_id = $1 and removed_at is null order by household_id`,
    [accountId],
  );
  for (const { memberId, householdId } of places)
    await audit(tx, clock, householdId, [{ ...note, kind: 'account', memberId, from }]);
}
