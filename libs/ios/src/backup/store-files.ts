import { parsePlist } from '../plist/parse-plist.js';
import { getData, getDict, isDict } from '../plist/plist-fields.js';
import { isArchiveError } from '@rootcellar/model';

/** What the App Store gave the device with an app; it belongs to whose device that is. The metadata name the buyer. */
export interface StoreFiles {
  /** FairPlay's rights of the buyer, as `ideviceinstaller --sinf` takes them. */
  readonly sinf: Uint8Array | undefined;
  /** A property list, as `ideviceinstaller --metadata` takes it. */
  readonly metadata: Uint8Array | undefined;
}

const SINF_MAX_BYTES = 1024 * 1024;
const METADATA_MAX_BYTES = 4 * 1024 * 1024;

/**
 * What a backup's Info.plist has of an app: it is plain, also when the backup is encrypted. Nothing when the list is broken.
 * @param infoPlist the file's bytes; the caller bounds them
 */
export function readStoreFiles(infoPlist: Uint8Array, bundleId: string): StoreFiles {
  const app = descriptionOf(infoPlist, bundleId);
  return {
    sinf: bounded(app && getData(app, 'ApplicationSINF'), SINF_MAX_BYTES),
    metadata: bounded(app && getData(app, 'iTunesMetadata'), METADATA_MAX_BYTES),
  };
}

function descriptionOf(bytes: Uint8Array, bundleId: string): ReturnType<typeof getDict> {
  try {
    const info = parsePlist(bytes);
    const apps = isDict(info) ? getDict(info, 'Applications') : undefined;
    const app = apps?.get(bundleId);
    return isDict(app) ? app : undefined;
  } catch (error) {
    if (isArchiveError(error, 'PLIST_INVALID', 'PLIST_TOO_LARGE')) return undefined;
    throw error;
  }
}

function bounded(bytes: Uint8Array | undefined, max: number): Uint8Array | undefined {
  return bytes === undefined || bytes.length === 0 || bytes.length > max ? undefined : bytes;
}
