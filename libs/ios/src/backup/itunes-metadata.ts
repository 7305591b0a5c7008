import { isArchiveError, readableText } from '@rootcellar/model';
import { getArray, getDict, getString, isDict } from '../plist/plist-fields.js';
import { parsePlist } from '../plist/parse-plist.js';
import type { PlistDict, PlistValue } from '../plist/plist-value.js';

/**
 * What an `iTunesMetadata` property list says about an app, in a backup's Info.plist or in a package. Every field is
 * optional and nothing is believed without its form. It also names the buyer, who never leaves it but blinded.
 */
export interface StoreMetadata {
  readonly bundleId?: string | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly build?: string | undefined;
  /** The App Store's number of the app. */
  readonly itemId?: string | undefined;
  /** The App Store's number of this very version: display versions repeat, this does not. */
  readonly externalVersionId?: string | undefined;
  readonly purchaseDate?: Date | undefined;
  readonly releaseDate?: Date | undefined;
  /** All versions of the app the store knew, by its numbers of them, oldest first, each once. At most 5,000: the newest. */
  readonly versionIds?: readonly string[] | undefined;
  /** Whether the buyer's Apple ID stands in it. */
  readonly appleIdPresent: boolean;
  /** The buyer as `blind` makes it; absent without an Apple ID, or without `blind`. */
  readonly buyer?: Uint8Array | undefined;
}

/** Makes a text unrecognisable, the same one always the same: a keyed hash whose key whoever stores it has. */
export type Blind = (text: string) => Uint8Array;

/** Real ones have 3 to 20 KiB and some 100 values. */
const LIMITS = { maxBytes: 4 * 1024 * 1024, maxDepth: 16, maxValues: 20_000 };

const BUNDLE_ID = /^[A-Za-z0-9._-]{1,255}$/;
/** 64 bits. */
const STORE_NUMBER = /^\d{1,20}$/;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const NOTHING: PlistDict = new Map();
/** Each downloader spells it in its own way. */
const APPLE_ID_KEYS = ['appleId', 'apple-id', 'AppleID', 'userName', 'UserName'];
/** No e-mail address is longer. */
const APPLE_ID_MAX = 320;
/** Apps that are updated every day have some thousand. */
const MAX_VERSION_IDS = 5000;
/** Before the store and long after us, dates were never set. */
const FIRST_DATE = Date.UTC(2000, 0, 1);
const LAST_DATE = Date.UTC(2200, 0, 1);

/**
 * @param blind takes the buyer's Apple ID, in lower case; nothing else of it is kept or given back
 * @returns `undefined` when the bytes are no such list
 */
export function parseStoreMetadata(bytes: Uint8Array, blind?: Blind): StoreMetadata | undefined {
  try {
    const value = parsePlist(bytes, LIMITS);
    return isDict(value) ? storeMetadata(value, blind) : undefined;
  } catch (error) {
    if (isArchiveError(error, 'PLIST_INVALID', 'PLIST_TOO_LARGE')) return undefined;
    throw error;
  }
}

/** A bundle id, or `undefined` when it holds characters no bundle id has. */
export function bundleIdOf(value: PlistValue | undefined): string | undefined {
  return typeof value === 'string' && BUNDLE_ID.test(value) ? value : undefined;
}

/** A short text made fit to show; whole numbers count as text, as some tools write versions so. */
export function shortText(value: PlistValue | undefined, maxLength: number): string | undefined {
  const isWhole = typeof value === 'number' && Number.isSafeInteger(value);
  const text = isWhole ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const readable = readableText(text, maxLength, '');
  return readable === '' ? undefined : readable;
}

function storeMetadata(dict: PlistDict, blind: Blind | undefined): StoreMetadata {
  const download = getDict(dict, 'com.apple.iTunesStore.downloadInfo') ?? NOTHING;
  const appleId = appleIdIn(dict) ?? appleIdIn(getDict(download, 'accountInfo') ?? NOTHING);
  return {
    bundleId: bundleIdOf(dict.get('softwareVersionBundleId')),
    name: shortText(dict.get('itemName') ?? dict.get('bundleDisplayName'), 200),
    version: shortText(dict.get('bundleShortVersionString'), 64),
    build: shortText(dict.get('bundleVersion'), 64),
    itemId: storeNumber(dict.get('itemId')),
    externalVersionId: storeNumber(dict.get('softwareVersionExternalIdentifier')),
    purchaseDate: dateOf(dict.get('purchaseDate') ?? download.get('purchaseDate')),
    releaseDate: dateOf(dict.get('releaseDate')),
    versionIds: versionIds(dict),
    appleIdPresent: appleId !== undefined,
    buyer: appleId === undefined ? undefined : blind?.(appleId),
  };
}

function versionIds(dict: PlistDict): readonly string[] | undefined {
  const listed = getArray(dict, 'softwareVersionExternalIdentifiers') ?? [];
  const ids = listed.map(storeNumber).filter((number) => number !== undefined);
  return ids.length === 0 ? undefined : [...new Set(ids)].slice(-MAX_VERSION_IDS);
}

function storeNumber(value: PlistValue | undefined): string | undefined {
  const text = typeof value === 'string' ? value : undefined;
  const number = typeof value === 'number' || typeof value === 'bigint' ? String(value) : text;
  return number !== undefined && STORE_NUMBER.test(number) && number !== '0' ? number : undefined;
}

/** A date, or a date written as text. */
function dateOf(value: PlistValue | undefined): Date | undefined {
  const written = typeof value === 'string' && RFC_3339.test(value) ? new Date(value) : undefined;
  const date = value instanceof Date ? value : written;
  const time = date?.getTime() ?? NaN;
  return time >= FIRST_DATE && time < LAST_DATE ? date : undefined;
}

function appleIdIn(dict: PlistDict): string | undefined {
  return APPLE_ID_KEYS.map((key) => (getString(dict, key) ?? '').trim().toLowerCase())
    .map((text) => text.slice(0, APPLE_ID_MAX))
    .find((text) => text !== '');
}
