import type { PackageContents } from '@rootcellar/ios';
import type { ArtifactId, DeviceId, HouseholdId, MemberId, SnapshotId } from '@rootcellar/model';
import type { Doer } from './audit-trail.js';
import type { Membership } from './people-catalog.js';

/** What tells a version of an app from its others, as far as it is known. */
export interface VersionNames {
  readonly bundleId: string;
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
}

/** What the store says of a version. */
interface StoreSays {
  readonly releasedAt: Date | undefined;
  readonly purchasedAt: Date | undefined;
  /** Of {@link AppCatalog.bestStoreLists}. */
  readonly storeListId: string | undefined;
}

/** A package that a member may read, outside of the bin. */
export interface KeptVersion extends VersionNames, StoreSays {
  readonly id: ArtifactId;
  /** The app's name as this package has it. */
  readonly name: string;
  /** Whether its contents were described. */
  readonly described: boolean;
}

/** A version that a snapshot says was installed when it was taken. */
export interface SeenVersion extends VersionNames, StoreSays {
  readonly name: string | undefined;
  readonly itemId: string | undefined;
  readonly fromStore: boolean | undefined;
  /** Its data were there, the app was not. */
  readonly offloaded: boolean;
  readonly snapshotId: SnapshotId;
  readonly takenAt: Date;
  readonly encrypted: boolean;
  readonly complete: boolean;
  readonly deviceId: DeviceId;
  readonly deviceName: string;
}

/** What many snapshots of one device say of one version. */
export interface SeenOften extends VersionNames {
  readonly name: string | undefined;
  readonly itemId: string | undefined;
  readonly fromStore: boolean | undefined;
  readonly deviceId: DeviceId;
  readonly deviceName: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly lastSnapshotId: SnapshotId;
  /** Snapshots in which it was installed, and those that have its data while it was offloaded. */
  readonly installed: number;
  readonly offloaded: number;
  /** Of both, those in which nothing was missing. */
  readonly complete: number;
}

/** A device in use that a member holds, with the newest backup of it that is theirs. */
export interface CurrentDevice {
  readonly deviceId: DeviceId;
  readonly name: string;
  readonly snapshotId: SnapshotId;
}

/** The store's numbers of an app's versions, oldest first. */
export interface StoreOrder {
  readonly bundleId: string;
  readonly ids: readonly string[];
}

export interface PackageDetails {
  readonly id: ArtifactId;
  readonly fileName: string;
  readonly size: number;
  readonly addedAt: Date;
  readonly pinned: boolean;
  /** Kept by its owner alone. */
  readonly private: boolean;
  /** Somebody else's who shared it. */
  readonly lent: boolean;
  readonly minimumOs: string | undefined;
  readonly deviceFamilies: readonly number[];
  readonly architectures: readonly string[];
  /** What the package says of itself, as it was stored. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** In hex; blinded. */
  readonly buyer: string | undefined;
  readonly contents: PackageContents | undefined;
}

/** An app that goes on under another bundle id. */
export interface AppLink {
  readonly bundleId: string;
  readonly to: string;
}

/** What there is of apps, in packages and in what backups say. Every answer goes through the gate: it tells a member what they may read. */
export interface AppCatalog {
  keptVersions(reader: Membership, bundleIds: readonly string[]): Promise<readonly KeptVersion[]>;
  /** One for each snapshot; newest first. */
  seenVersions(reader: Membership, bundleIds: readonly string[]): Promise<readonly SeenVersion[]>;
  /** Of all apps; of one device only, with those it continues. */
  seenOften(reader: Membership, deviceId: DeviceId | undefined): Promise<readonly SeenOften[]>;
  currentDevices(reader: Membership): Promise<readonly CurrentDevice[]>;
  /** Whether the member sees the device, held by them or formerly. */
  seesDevice(reader: Membership, deviceId: DeviceId): Promise<boolean>;
  /** Of each app the longest of these lists; of two that are as long, that with the newest version. */
  bestStoreLists(household: HouseholdId, ids: readonly string[]): Promise<readonly StoreOrder[]>;
  /** Of each app the newest number that the store's lists in these snapshots and in all packages name, of those the member reads. */
  newestOfStore(
    reader: Membership,
    snapshotIds: readonly SnapshotId[],
  ): Promise<ReadonlyMap<string, string>>;
  packageDetails(
    reader: Membership,
    ids: readonly ArtifactId[],
  ): Promise<ReadonlyMap<ArtifactId, PackageDetails>>;
  /** Who has apps of these buyers on their own devices. @param buyers in hex */
  membersWhoBuyAs(
    reader: Membership,
    buyers: readonly string[],
  ): Promise<
    readonly { readonly buyer: string; readonly memberId: MemberId; readonly name: string }[]
  >;
  /** Since which version an app wants a subscription. Of apps a package of which the member reads. */
  subscriptions(
    reader: Membership,
    bundleIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>>;
  /** All of the household. */
  links(householdId: HouseholdId): Promise<readonly AppLink[]>;
  /** Whether the member reads anything of an app, and whether everybody of the household does. */
  reach(
    reader: Membership,
    bundleId: string,
  ): Promise<{ readonly readable: boolean; readonly householdWide: boolean }>;
  /** Writes the link and its line of the trail; nothing when it is so already. */
  setLink(
    householdId: HouseholdId,
    link: AppLink,
    by: Doer & { readonly private: boolean },
  ): Promise<void>;
  /** With its line of the trail; nothing when it is not there any more. */
  removeLink(
    householdId: HouseholdId,
    link: AppLink,
    by: Doer & { readonly private: boolean },
  ): Promise<void>;
}
