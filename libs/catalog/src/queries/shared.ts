/** That something is somebody else's, who shared it. */
export interface SharedView {
  /** The owner's name. */
  readonly from: string;
  /** RFC 3339. */
  readonly until: string;
  /** Of a snapshot, the apps whose data alone was shared; null for all of it. */
  readonly bundleIds: string[] | null;
}

/** SQL that makes one of `root`, a row of the gate's readable roots; null when it is not lent. */
export const SHARED = `case when root.lent then jsonb_build_object(
  'from', (select name from member where member.id = root.member_id), 'until', root.lent_until, 'bundleIds', root.lent_apps) end`;
