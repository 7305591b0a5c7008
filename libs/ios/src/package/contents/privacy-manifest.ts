import { isArchiveError } from '@rootcellar/model';
import { getArray, getBoolean, getString, isDict } from '../../plist/plist-fields.js';
import { parsePlist } from '../../plist/parse-plist.js';
import type { PlistDict } from '../../plist/plist-value.js';
import { textsOf } from './info-promises.js';
import type { PrivacyManifest } from './package-description.js';

const LIMITS = { maxBytes: 1024 * 1024, maxDepth: 16, maxValues: 20_000 };
export const PRIVACY_MAX_BYTES = LIMITS.maxBytes;

/** Undefined when the bytes are no such list: it says nothing then. */
export function readPrivacyManifest(bytes: Uint8Array): PrivacyManifest | undefined {
  let list: unknown;
  try {
    list = parsePlist(bytes, LIMITS);
  } catch (error) {
    if (isArchiveError(error, 'PLIST_INVALID', 'PLIST_TOO_LARGE')) return undefined;
    throw error;
  }
  return list instanceof Map ? manifestIn(list as PlistDict) : undefined;
}

function manifestIn(list: PlistDict): PrivacyManifest {
  return {
    tracking: getBoolean(list, 'NSPrivacyTracking') ?? false,
    trackingDomains: textsOf(getArray(list, 'NSPrivacyTrackingDomains')),
    collected: typesIn(list, 'NSPrivacyCollectedDataTypes', 'NSPrivacyCollectedDataType'),
    accessedApis: typesIn(list, 'NSPrivacyAccessedAPITypes', 'NSPrivacyAccessedAPIType'),
  };
}

/** An array of dictionaries that each name a type. */
function typesIn(list: PlistDict, key: string, name: string): string[] {
  const entries = getArray(list, key) ?? [];
  return textsOf(entries.flatMap((entry) => (isDict(entry) ? (getString(entry, name) ?? []) : [])));
}
