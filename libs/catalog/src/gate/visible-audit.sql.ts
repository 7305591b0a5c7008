import type { Reader } from './readable-roots.sql.js';

/** SQL: whether everything about what a line tells of is private now: what was told while it was everybody's is told to nobody else any more. */
const PRIVATE_NOW = `exists (select from root where root.id = audit.subject_id and root.household_wide is false)`;

/**
 * The audit lines a member may see: what they did, what concerns them; administrators also what is not private, without what others'
 * snapshots are called: of those the device. A line is private when it would tell of content: shares, and everything about a private package.
 * Beside the table's columns: `own`; `told_id`, `told`: the subject as it may be told.
 *
 * @param reader.admin a parameter that is true for an administrator
 */
export function visibleAudit({
  household,
  member,
  admin,
}: Reader & { readonly admin: string }): string {
  return `(
    select audit.*, mine.own,
      case when mine.own or subject_kind <> 'snapshot' then subject_id end as told_id,
      case when mine.own or subject_kind <> 'snapshot' then subject
        else regexp_replace(subject, ', [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}.*$', '') end as told
    from audit
      cross join lateral (
        select coalesce(actor_id = ${member}, false) or coalesce(concerns_id = ${member}, false) as own) as mine
    where audit.household_id = ${household}
      and (mine.own or (${admin} and not audit.private and not ${PRIVATE_NOW})))`;
}
