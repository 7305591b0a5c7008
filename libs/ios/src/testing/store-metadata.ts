import type { PlistSourceDict } from './plist-source.js';

export interface StoreMetadataSpec {
  readonly bundleId?: string;
  readonly name?: string;
  readonly version?: string;
  readonly build?: string;
  readonly itemId?: number;
  readonly externalVersionId?: number;
  /** All versions the store knows, oldest first. */
  readonly versionIds?: readonly number[];
  /** The buyer; left out with `null`. */
  readonly appleId?: string | null;
}

/** An iTunesMetadata as an App Store download carries it; the account is made up. */
export function storeMetadata(spec: StoreMetadataSpec = {}): PlistSourceDict {
  const appleId = spec.appleId === undefined ? 'test.user@example.com' : spec.appleId;
  const account =
    appleId === null
      ? undefined
      : { AppleID: appleId, DSPersonID: 1_000_000_000, UserName: appleId };
  return {
    bundleShortVersionString: spec.version ?? '1.0',
    bundleVersion: spec.build ?? '1',
    'com.apple.iTunesStore.downloadInfo': {
      accountInfo: account,
      purchaseDate: '2024-06-01T12:00:00Z',
    },
    itemId: spec.itemId ?? 1_234_567_890,
    itemName: spec.name ?? 'Example',
    kind: 'software',
    purchaseDate: '2024-06-01T12:00:00Z',
    releaseDate: '2015-01-01T00:00:00Z',
    softwareVersionBundleId: spec.bundleId ?? 'com.example.app',
    softwareVersionExternalIdentifier: spec.externalVersionId ?? 830_001_000,
    softwareVersionExternalIdentifiers: spec.versionIds,
  };
}
