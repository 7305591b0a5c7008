import type { MemberId } from '@rootcellar/model';
import type { Runner } from '../sql.js';

/**
 * Nothing that was signed in as this member works any more. A browser's sign-in goes on in another household of the account, and an
 * operator's in none; what an agent or a token of theirs did here it must not do elsewhere, so these end.
 */
export async function endSignIns(tx: Runner, id: MemberId): Promise<void> {
  await tx.query(
    `with elsewhere as (
        select account.id as account_id, operator, (
            select other.id from member as other
            where other.account_id = account.id and other.id <> $1 and other.removed_at is null
            order by other.created_at, other.id limit 1) as member_id
        from member join account on account.id = account_id where member.id = $1)
      update credential set member_id = elsewhere.member_id from elsewhere
      where credential.member_id = $1 and kind = 'session' and (elsewhere.member_id is not null or operator)`,
    [id],
  );
  await tx.query('delete from credential where member_id = $1', [id]);
  await tx.query('delete from device_code where member_id = $1', [id]);
}
