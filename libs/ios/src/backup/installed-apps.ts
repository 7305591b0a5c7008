import { getArray, getBoolean, getData, getDict, isDict } from '../plist/plist-fields.js';
import type { PlistDict, PlistValue } from '../plist/plist-value.js';
import { bundleIdOf, parseStoreMetadata, shortText } from './itunes-metadata.js';
import type { Blind, StoreMetadata } from './itunes-metadata.js';

/** An app that was on the device when the backup was made. Its data are in the backup, its package never is. */
export interface InstalledApp {
  readonly bundleId: string;
  readonly name?: string | undefined;
  /** The version shown to people. */
  readonly version?: string | undefined;
  readonly build?: string | undefined;
  readonly itemId?: string | undefined;
  /** The App Store's number of the version that was installed. */
  readonly externalVersionId?: string | undefined;
  /** Offloaded: its data are there, the app itself was not on the device. */
  readonly offloaded: boolean;
  /** Whether the App Store's description of it is in the backup; side-loaded apps have none. */
  readonly fromStore: boolean;
  readonly releaseDate?: Date | undefined;
  readonly purchaseDate?: Date | undefined;
  /** As in the store's description. */
  readonly versionIds?: readonly string[] | undefined;
  /** Who bought it, blinded. */
  readonly buyer?: Uint8Array | undefined;
}

/** A device holds a few hundred; the list of a lying plist ends here. */
const MAX_APPS = 5000;

/**
 * The apps of a backup in order of their bundle ids: those of Info.plist's `Applications` and
 * `Installed Applications`, with the build from Manifest.plist where the App Store's description lacks it.
 */
export function installedApps(info: PlistDict, manifest: PlistDict, blind?: Blind): InstalledApp[] {
  const described = getDict(info, 'Applications') ?? new Map<string, PlistValue>();
  const onDevice = getDict(manifest, 'Applications') ?? new Map<string, PlistValue>();
  const listed = (getArray(info, 'Installed Applications') ?? []).slice(0, MAX_APPS);
  const ids = [...described.keys(), ...listed]
    .map(bundleIdOf)
    .filter((bundleId) => bundleId !== undefined);
  return [...new Set(ids)]
    .slice(0, MAX_APPS)
    .sort()
    .map((bundleId) => {
      const description = described.get(bundleId);
      const store = isDict(description) ? storeOf(description, bundleId, blind) : undefined;
      return installedApp({ bundleId, store, description, entry: onDevice.get(bundleId) });
    });
}

function installedApp({
  bundleId,
  store,
  description,
  entry,
}: {
  readonly bundleId: string;
  readonly store: StoreMetadata | undefined;
  readonly description: PlistValue | undefined;
  readonly entry: PlistValue | undefined;
}): InstalledApp {
  const { name, version, build = buildIn(entry), itemId, externalVersionId } = store ?? {};
  const { releaseDate, purchaseDate, versionIds, buyer } = store ?? {};
  return {
    ...{ bundleId, name, version, build, itemId, externalVersionId },
    offloaded: isDict(description) && getBoolean(description, 'IsDemotedApp') === true,
    fromStore: store !== undefined,
    ...{ releaseDate, purchaseDate, versionIds, buyer },
  };
}

function buildIn(entry: PlistValue | undefined): string | undefined {
  return isDict(entry) ? shortText(entry.get('CFBundleVersion'), 64) : undefined;
}

/** Metadata of another app than the one it lies under is worse than none. */
function storeOf(
  description: PlistDict,
  bundleId: string,
  blind: Blind | undefined,
): StoreMetadata | undefined {
  const bytes = getData(description, 'iTunesMetadata');
  const store = bytes === undefined ? undefined : parseStoreMetadata(bytes, blind);
  return store?.bundleId === undefined || store.bundleId === bundleId ? store : undefined;
}
