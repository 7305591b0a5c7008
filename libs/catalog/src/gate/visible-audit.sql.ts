import type { Reader } from './readable-roots.sql.js';

/**
 * The audit lines a member may see: what they did, what was done to what is theirs; administrators also what is not private. A line is
 * private when it would tell of content: shares, and everything about a private package.
 *
 * @param reader.admin a parameter that is true for an administrator
 */
export function visibleAudit({
  household,
  member,
  admin,
}: Reader & { readonly admin: string }): string {
  return `(
    select audit.* from audit
    where audit.household_id = ${household}
      and (audit.actor_id = ${member} or audit.owner_id = ${member} or audit.concerns_id = ${member}
        or (${admin} and not audit.private)))`;
}
