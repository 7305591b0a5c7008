import type { AppVersionId, ArtifactId, HouseholdId } from '@rootcellar/model';
import type { Membership } from './people-catalog.js';

/** Which apps go on under another bundle id, as somebody of the household said. */
export interface LinkedApps {
  /** Whether one goes on as the other, or both as a third. */
  areLinked(householdId: HouseholdId, one: string, other: string): Promise<boolean>;
}

/** A sign of a way of earning money, as it is stored. */
export interface StoredSignal {
  readonly kind: string;
  readonly evidence: string;
  readonly where: string;
}

/** A kept version, with the signs in the one of its packages that was looked into. */
export interface SignalledVersion {
  readonly id: AppVersionId;
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
  /** When the store says it came out. */
  readonly releasedAt: Date | undefined;
  readonly artifactId: ArtifactId;
  /** At most some; undefined when nobody looked. */
  readonly signals: readonly StoredSignal[] | undefined;
  /** Nobody looked yet, and looking may tell. */
  readonly unread: boolean;
}

export interface SignalledApp {
  readonly bundleId: string;
  readonly name: string;
  /** The first version that wants a subscription, or the store's number of it, as a member said. */
  readonly subscriptionFrom: string | undefined;
  /** In no order. */
  readonly versions: readonly SignalledVersion[];
  /** The store's numbers of them, oldest first, as the longest list says that came with one of the packages. */
  readonly storeList: readonly string[];
}

export interface AppSignalCatalog extends LinkedApps {
  /** Of what the reader may read; undefined when no version is kept that they may. */
  findSignals(reader: Membership, bundleId: string): Promise<SignalledApp | undefined>;
}
