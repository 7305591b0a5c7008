import { isBinaryPlist } from './binary-objects.js';
import { parseBinaryPlist } from './parse-binary-plist.js';
import { parseXmlPlist } from './parse-xml-plist.js';
import { PLIST_LIMITS } from './plist-limits.js';
import type { PlistLimits } from './plist-limits.js';
import type { PlistValue } from './plist-value.js';

/**
 * Reads a property list, binary or XML, from bytes nobody vouches for.
 *
 * @throws ArchiveError PLIST_INVALID when it is neither or breaks off, PLIST_TOO_LARGE when it is beyond `limits`
 */
export function parsePlist(bytes: Uint8Array, limits: Partial<PlistLimits> = {}): PlistValue {
  const bounds = { ...PLIST_LIMITS, ...limits };
  return isBinaryPlist(bytes) ? parseBinaryPlist(bytes, bounds) : parseXmlPlist(bytes, bounds);
}
