import { isArchiveError } from '@rootcellar/model';
import { parsePlist } from '../plist/parse-plist.js';
import { getBoolean, getDate, getDict, getInteger, isDict } from '../plist/plist-fields.js';
import type { PlistDict } from '../plist/plist-value.js';

/** Whether something lives in iCloud too, as a list in the backup says; `unknown` when none does. */
export type CloudState = 'on' | 'off' | 'unknown';

export interface CloudFacts {
  readonly photos: CloudState;
  /** Photos and videos in iCloud when the device asked last. */
  readonly photosInCloud: number | undefined;
  readonly photosSyncedAt: Date | undefined;
  readonly messages: CloudState;
  /** No list of a backup says it. */
  readonly drive: 'unknown';
}

/** A file of a backup that says what lives in iCloud. */
export interface CloudFile {
  readonly domain: string;
  readonly path: string;
}

/**
 * Where iOS notes it. Photos: keys `iCloudLibraryExists`, `lastSyncDate`, `cloudAssetCountPerType`, seen in plain backups up to iOS 27.
 * Messages: key `CloudKitSyncingEnabled` of the preferences of com.apple.madrid, which is iMessage. Both by public notes of
 * forensic analysts; Apple describes neither, so another form of them is `unknown`, never `off`.
 */
export const CLOUD_FILES: Readonly<Record<'photos' | 'messages', CloudFile>> = {
  photos: { domain: 'CameraRollDomain', path: 'Media/PhotoData/CPL/syncstatus.plist' },
  messages: { domain: 'HomeDomain', path: 'Library/Preferences/com.apple.madrid.plist' },
};

/** Both lists have a few KiB. */
export const CLOUD_FILE_MAX_BYTES = 1024 * 1024;

const LIMITS = { maxBytes: CLOUD_FILE_MAX_BYTES, maxDepth: 16, maxValues: 20_000 };

export const NO_CLOUD_FACTS: CloudFacts = {
  ...({ photos: 'unknown', messages: 'unknown', drive: 'unknown' } as const),
  ...{ photosInCloud: undefined, photosSyncedAt: undefined },
};

/** @param files bytes of {@link CLOUD_FILES}, as far as the backup has them */
export function cloudFacts(files: {
  readonly photos?: Uint8Array | undefined;
  readonly messages?: Uint8Array | undefined;
}): CloudFacts {
  const photos = listOf(files.photos);
  const messages = listOf(files.messages);
  const state = stateOf(photos, 'iCloudLibraryExists');
  return {
    photos: state,
    photosInCloud: state === 'on' ? countOf(photos) : undefined,
    photosSyncedAt: photos === undefined ? undefined : getDate(photos, 'lastSyncDate'),
    messages: stateOf(messages, 'CloudKitSyncingEnabled'),
    drive: 'unknown',
  };
}

function listOf(bytes: Uint8Array | undefined): PlistDict | undefined {
  if (bytes === undefined) return undefined;
  try {
    const value = parsePlist(bytes, LIMITS);
    return isDict(value) ? value : undefined;
  } catch (error) {
    if (isArchiveError(error, 'PLIST_INVALID', 'PLIST_TOO_LARGE')) return undefined;
    throw error;
  }
}

function stateOf(list: PlistDict | undefined, key: string): CloudState {
  const value = list === undefined ? undefined : getBoolean(list, key);
  if (value === undefined) return 'unknown';
  return value ? 'on' : 'off';
}

function countOf(photos: PlistDict | undefined): number | undefined {
  const counts = photos === undefined ? undefined : getDict(photos, 'cloudAssetCountPerType');
  if (counts === undefined) return undefined;
  const numbers = ['public.image', 'public.movie'].map((type) => getInteger(counts, type) ?? 0);
  return numbers.every((count) => count >= 0)
    ? numbers.reduce((sum, count) => sum + count, 0)
    : undefined;
}
