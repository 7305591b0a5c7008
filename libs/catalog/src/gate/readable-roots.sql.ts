/**
 * The one gate: what a member may read. Every query that answers a member takes the relations of this folder in place of the tables `root`,
 * `device` and `audit`. Parameters are names in the statement, such as `$1`.
 */
export interface Reader {
  readonly household: string;
  readonly member: string;
}

/** SQL: whether a root is everybody's of its household; `root` is an alias of the table. */
export const HOUSEHOLD_WIDE = (root: string): string =>
  `coalesce(${root}.household_wide, ${root}.kind = 'artifact')`;

/** SQL: whether a share is good now; `share` is an alias of the table. */
export const SHARE_IS_OPEN = (share: string): string =>
  `${share}.ended_at is null and ${share}.until > now()`;

/**
 * The roots a member may read: own ones, the household's, and shared ones outside of the bin. Beside the table's columns:
 * `own`; `lent`: readable by a share only; `lent_until`; `lent_apps`: of lent ones, the apps whose data alone may be read, null for all of it.
 */
export function readableRoots({ household, member }: Reader): string {
  return `(
    select root.*, root.member_id = ${member} as own, lent.until is not null as lent, lent.until as lent_until,
      case when lent.whole then null else lent.apps end as lent_apps
    from root left join lateral (
      select max(until) as until, bool_or(bundle_id is null) as whole, array_agg(bundle_id order by bundle_id) as apps
      from share where share.root_id = root.id and share.receiver_id = ${member} and ${SHARE_IS_OPEN('share')}
        and root.member_id <> ${member} and not ${HOUSEHOLD_WIDE('root')} and root.forgotten_at is null) as lent on true
    where root.household_id = ${household}
      and (root.member_id = ${member} or ${HOUSEHOLD_WIDE('root')} or lent.until is not null))`;
}
