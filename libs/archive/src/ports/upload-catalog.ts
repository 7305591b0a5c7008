import type {
  ArtifactId,
  ByteSize,
  DeviceId,
  HouseholdId,
  MemberId,
  RootId,
  UploadId,
} from '@rootcellar/model';
import type { Membership } from './people-catalog.js';

/** What the sender says it will send. */
export type Declared =
  | {
      readonly kind: 'snapshot';
      readonly udid: string;
      readonly deviceName: string;
      /** Whose the device is, when the sender says so. */
      readonly owner?: MemberId | 'household';
    }
  | {
      readonly kind: 'artifact';
      readonly fileName: string;
      readonly sha256: string;
      readonly size: number;
      /** Whoever adds it keeps it for themselves. */
      readonly private?: true;
    };

export type UploadState = 'open' | 'committed' | 'expired' | 'abandoned';

export interface Upload {
  readonly id: UploadId;
  readonly householdId: HouseholdId;
  readonly memberId: MemberId;
  readonly declared: Declared;
  readonly state: UploadState;
  readonly expiresAt: Date;
  /** When traffic was last noted. */
  readonly heartbeatAt: Date;
  /** Bytes of bodies received. */
  readonly sentBytes: ByteSize;
  /** Plain bytes of chunks that were new. */
  readonly newBytes: ByteSize;
  /** Bytes they take in packs. */
  readonly storedBytes: ByteSize;
  /** Sealed bytes it may store without asking a quota again. */
  readonly reservedBytes: ByteSize;
  /** What it became. */
  readonly rootId: RootId | undefined;
}

export interface UploadProgress {
  readonly sentBytes: number;
  readonly newBytes: number;
  readonly storedBytes: number;
  /** Ordinals of stored chunks whose bytes were shown, as portable Roaring bitmaps; kept while the upload is open. */
  readonly shown?: readonly Uint8Array[];
}

export type UploadTotals = Pick<Upload, 'storedBytes' | 'reservedBytes'>;

/** Open uploads are roots: what they pinned stays. All times are the database's. */
export interface UploadCatalog {
  /** Silent for 24 hours, an upload expires. */
  open(upload: Pick<Upload, 'id' | 'householdId' | 'memberId' | 'declared'>): Promise<Upload>;
  find(id: UploadId): Promise<Upload | undefined>;
  /** Notes traffic and moves the expiry. @returns what it stored and reserved by now; undefined when it is not open any more */
  touch(id: UploadId, progress: UploadProgress): Promise<UploadTotals | undefined>;
  /** Lets go of everything pinned. */
  abandon(id: UploadId): Promise<void>;
  /** Ends uploads that were silent too long. @returns how many. */
  expireSilent(): Promise<number>;
  /**
   * The artifact of exactly this file that the member keeps, or unless `private` the household; not one in the bin. What somebody else keeps
   * for themselves is not found.
   */
  findArtifact(
    reader: Membership,
    file: { readonly sha256: string; readonly private?: true },
  ): Promise<ArtifactId | undefined>;
  findDevice(
    asked: Membership,
    udid: string,
  ): Promise<
    | {
        readonly id: DeviceId;
        /** Undefined: the household's. */
        readonly ownerId: MemberId | undefined;
        /** Whose computers may push for it too. */
        readonly pushers: readonly MemberId[];
        /** Whether who asks keeps snapshots of it that are theirs alone: it was, or is, theirs. */
        readonly heldBefore: boolean;
      }
    | undefined
  >;
  /** Whether somebody is, and stays one. */
  isMember(householdId: HouseholdId, memberId: MemberId): Promise<boolean>;
}
