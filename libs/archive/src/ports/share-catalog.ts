import type { HouseholdId, Id, MemberId, RootId } from '@rootcellar/model';
import type { Doer } from './audit-trail.js';

export type ShareId = Id<'share'>;

export interface NewShare {
  readonly id: ShareId;
  readonly householdId: HouseholdId;
  readonly rootId: RootId;
  /** One app's data of a snapshot; undefined for all of it. */
  readonly bundleId: string | undefined;
  readonly receiverId: MemberId;
  readonly until: Date;
}

/** What may be shared: a root of its owner's, outside of the bin. */
export interface ShareableRoot {
  readonly kind: 'snapshot' | 'artifact';
  readonly encrypted: boolean;
  /** Everybody reads it already. */
  readonly householdWide: boolean;
}

/** What owners let others of the household read. Every step leaves a private line in the audit trail. */
export interface ShareCatalog {
  /** Undefined when there is none, it is in the bin, or not the member's. */
  findShareable(owner: MemberId, rootId: RootId): Promise<ShareableRoot | undefined>;
  /** Whether somebody is of the household, and was not removed. */
  isMember(householdId: HouseholdId, memberId: MemberId): Promise<boolean>;
  /** Sharing the same once more sets another date. @returns its id */
  give(share: NewShare, by: Doer): Promise<ShareId>;
  /** By the owner of what was shared, or by whom it was shared with. @returns false when neither, or it had ended */
  end(householdId: HouseholdId, id: ShareId, by: Doer): Promise<boolean>;
  /** @returns false when there is no such package of the member's */
  setPrivate(owner: Doer, rootId: RootId, isPrivate: boolean): Promise<boolean>;
}
