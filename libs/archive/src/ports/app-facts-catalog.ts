import type { ArtifactId, ChunkId, HouseholdId, RootId, SnapshotId } from '@rootcellar/model';
import type { InstalledRecord, NewArtifact } from './root-catalog.js';

/** A root recorded by a release that read less of it, or none. */
interface Unread<Id extends RootId> {
  readonly id: Id;
  readonly tree: ChunkId;
}

/** What the catalog has of packages and backups that a release before this one recorded: filled from the vault, some at a time. */
export interface AppFactsCatalog {
  unreadPackages(
    householdId: HouseholdId,
    most: number,
  ): Promise<readonly (Unread<ArtifactId> & { readonly bundleId: string })[]>;
  unreadSnapshots(
    householdId: HouseholdId,
    most: number,
  ): Promise<readonly (Unread<SnapshotId> & { readonly udid: string })[]>;
  /** It counts as read from now on, also when nothing could be read. What is gone meanwhile is left out. */
  notePackage(
    householdId: HouseholdId,
    id: ArtifactId,
    read: (Pick<NewArtifact, 'store' | 'contents'> & { readonly bundleId: string }) | undefined,
  ): Promise<void>;
  noteSnapshot(
    householdId: HouseholdId,
    id: SnapshotId,
    installed: readonly InstalledRecord[] | undefined,
  ): Promise<void>;
}
