import type { Actor, Role } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

export interface MemberView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly joinedAt: Date;
  /** Their last day of reading, when the membership has ended but for that. */
  readonly leavingUntil: Date | null;
  /** Whom an administrator wants their things handed to; waits for their word. */
  readonly handOverTo: string | null;
  /** These for administrators and oneself: */
  readonly email: string | null;
  readonly lastBackupAt: Date | null;
  readonly logicalBytes: number | null;
}

type MemberViewRow = Omit<MemberView, 'logicalBytes'> & {
  readonly logicalBytes: string;
  readonly own: boolean;
};

/** Who belongs to the household. Sizes are totals: what they are of is nobody's to see. */
export async function listMembers(
  source: DataSource,
  actor: Actor,
  page: PageRequest,
): Promise<Page<MemberView>> {
  return pageOf<MemberViewRow, MemberView>(source, {
    sql: `select member.id, member.name, role, member.created_at as "joinedAt", leaving_until as "leavingUntil",
        hand_over_to as "handOverTo", account.email, "lastBackupAt", "logicalBytes", member.id = $4 as own
      from member left join account on account.id = account_id cross join lateral (
        select max(created_at) filter (where kind = 'snapshot') as "lastBackupAt", coalesce(sum(bytes), 0) as "logicalBytes"
        from root where root.household_id = member.household_id and member_id = member.id and forgotten_at is null) as sizes
      where household_id = $3 and removed_at is null and ($1::uuid is null or member.id > $1)
      order by member.id limit $2`,
    parameters: [actor.householdId, actor.memberId],
    page,
    toItem: (row) => toItem(row, actor),
  });
}

function toItem({ own, ...row }: MemberViewRow, actor: Actor): MemberView {
  const admin = actor.role === 'admin';
  if (own || admin) return { ...row, logicalBytes: Number(row.logicalBytes) };
  return { ...row, handOverTo: null, email: null, lastBackupAt: null, logicalBytes: null };
}
