import type { Actor } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { SHARE_IS_OPEN } from '../gate/readable-roots.sql.js';
import { SUBJECT } from '../bin/subject.sql.js';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

export interface ShareView {
  readonly id: string;
  readonly rootId: string;
  readonly kind: 'snapshot' | 'artifact';
  /** The device's name and the backup's date, or the app and its version. */
  readonly name: string;
  /** One app's data of a snapshot; null for all of it. */
  readonly bundleId: string | null;
  /** `given` by the member, or `received`. */
  readonly side: 'given' | 'received';
  readonly fromMemberId: string;
  readonly from: string;
  readonly withMemberId: string;
  readonly with: string;
  readonly until: Date;
  readonly createdAt: Date;
}

/** What the member shared with others, and others with them: both see the same. Newest first; those that ended are not in it. */
export async function listShares(
  source: DataSource,
  actor: Actor,
  page: PageRequest,
): Promise<Page<ShareView>> {
  return pageOf<ShareView, ShareView>(source, {
    sql: `select share.id, root.id as "rootId", kind, ${SUBJECT('root')} as name, bundle_id as "bundleId",
        case when root.member_id = $4 then 'given' else 'received' end as side,
        giver.id as "fromMemberId", giver.name as "from", receiver.id as "withMemberId", receiver.name as "with",
        until, share.created_at as "createdAt"
      from share join root on root.id = share.root_id join member as giver on giver.id = root.member_id
        join member as receiver on receiver.id = receiver_id
      where share.household_id = $3 and (root.member_id = $4 or (receiver_id = $4 and root.forgotten_at is null))
        and ${SHARE_IS_OPEN('share')} and ($1::uuid is null or share.id < $1)
      order by share.id desc limit $2`,
    parameters: [actor.householdId, actor.memberId],
    page,
    toItem: (row) => row,
  });
}
