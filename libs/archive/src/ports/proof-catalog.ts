import type { HouseholdId, MemberId, RootId, UploadId } from '@rootcellar/model';

/** How a member stands among those who ever added something to the household. */
export interface Standing {
  /** Nobody else ever opened an upload: every chunk with a number below `nextOrdinal` is the member's. */
  readonly alone: boolean;
  readonly nextOrdinal: number;
  /** The household's setting: sizes are told to a member as if what others stored did not exist. */
  readonly dedupByMember: boolean;
}

/** What an upload showed that it has. */
export interface ShownChunks {
  /** Chunks below were its member's when somebody else began to add things; 0 when that did not happen while it was open. */
  readonly aloneBelow: number;
  /** Portable Roaring bitmaps of ordinals, oldest first. */
  readonly sets: readonly { readonly seq: number; readonly ordinals: Uint8Array }[];
}

/** What a member may name in a commit: chunks of own roots, chunks whose bytes the upload sent (docs/adr/0031). */
export interface ProofCatalog {
  /** As it is now, in one statement. */
  standing(householdId: HouseholdId, memberId: MemberId): Promise<Standing>;
  /** The roots that are the member's, in the bin or not, and those the member pushed for others. */
  ownRoots(householdId: HouseholdId, memberId: MemberId): Promise<readonly RootId[]>;
  /** Portable Roaring bitmaps of ordinals; at most 500 ids a call. Roots that are gone are left out. */
  chunkSets(
    householdId: HouseholdId,
    ids: readonly RootId[],
  ): Promise<ReadonlyMap<RootId, Uint8Array>>;
  /** What was noted after `after`; 0 for all. */
  shown(uploadId: UploadId, after: number): Promise<ShownChunks>;
}
