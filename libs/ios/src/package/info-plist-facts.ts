import { ArchiveError } from '@rootcellar/model';
import { bundleIdOf, shortText } from '../backup/itunes-metadata.js';
import { parsePlist } from '../plist/parse-plist.js';
import { isDict } from '../plist/plist-fields.js';
import type { PlistDict, PlistValue } from '../plist/plist-value.js';

/** What an app says about itself. */
export interface InfoPlistFacts {
  readonly bundleId: string;
  /** The name under the icon; the bundle id when it has none. */
  readonly name: string;
  /** The version shown to people; the build where there is no other. */
  readonly version: string;
  readonly build: string | undefined;
  /** The oldest iOS it runs on: `11.2` */
  readonly minimumOs: string | undefined;
  /** Apple's numbers: 1 iPhone, 2 iPad, 3 Apple TV, 4 Apple Watch, 7 Apple Vision. */
  readonly deviceFamilies: readonly number[];
  readonly supportedPlatforms: readonly string[];
  readonly requiredCapabilities: readonly string[];
  /** The name of the main executable's file, as it is. */
  readonly executable: string | undefined;
}

export const INFO_PLIST_LIMITS = { maxBytes: 8 * 1024 * 1024, maxDepth: 32, maxValues: 200_000 };
export const INFO_PLIST_MAX_BYTES = INFO_PLIST_LIMITS.maxBytes;

const NAME_MAX_CHARACTERS = 200;
const VERSION_MAX_CHARACTERS = 64;
const MAX_ITEMS = 64;

/** @throws ArchiveError PLIST_INVALID, PLIST_TOO_LARGE, PACKAGE_NO_VERSION */
export function readInfoPlist(bytes: Uint8Array): InfoPlistFacts {
  const parsed = parsePlist(bytes, INFO_PLIST_LIMITS);
  const info: PlistDict = isDict(parsed) ? parsed : new Map<string, PlistValue>();
  const bundleId = bundleIdOf(info.get('CFBundleIdentifier'));
  const build = shortText(info.get('CFBundleVersion'), VERSION_MAX_CHARACTERS);
  const version =
    shortText(info.get('CFBundleShortVersionString'), VERSION_MAX_CHARACTERS) ?? build;
  if (bundleId === undefined || version === undefined) {
    throw new ArchiveError(
      'PACKAGE_NO_VERSION',
      "The app's Info.plist names no bundle id or no version, so its versions could not be told apart. Nothing was kept.",
    );
  }
  const named = info.get('CFBundleDisplayName') ?? info.get('CFBundleName');
  return {
    bundleId,
    name: shortText(named, NAME_MAX_CHARACTERS) ?? bundleId,
    version,
    build,
    minimumOs: shortText(info.get('MinimumOSVersion'), VERSION_MAX_CHARACTERS),
    deviceFamilies: deviceFamilies(info.get('UIDeviceFamily')),
    supportedPlatforms: texts(info.get('CFBundleSupportedPlatforms')),
    requiredCapabilities: capabilities(info.get('UIRequiredDeviceCapabilities')),
    executable: fileName(info.get('CFBundleExecutable')),
  };
}

/** Numbers, or numbers written as text; alone or in an array. */
function deviceFamilies(value: PlistValue | undefined): number[] {
  const numbers = items(value)
    .map(Number)
    .filter((family) => Number.isInteger(family) && family >= 1 && family <= 99);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** An array of names, or a dictionary that says of each name whether it is required. */
function capabilities(value: PlistValue | undefined): string[] {
  if (!isDict(value)) return texts(value);
  return texts([...value].filter(([, required]) => required === true).map(([name]) => name));
}

function texts(value: PlistValue | undefined): string[] {
  return items(value)
    .map((item) => shortText(item, VERSION_MAX_CHARACTERS))
    .filter((text) => text !== undefined);
}

function items(value: PlistValue | undefined): readonly PlistValue[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? (value as readonly PlistValue[]) : [value]).slice(0, MAX_ITEMS);
}

/** One name, never a path: it is looked up among the entries beside Info.plist. */
function fileName(value: PlistValue | undefined): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > 255) return undefined;
  return value.includes('/') ? undefined : value;
}
