import { readableText } from '@rootcellar/model';
import type { BusinessSignal, PackageDescription, PrivacyManifest } from './package-description.js';

/** What is inside of a package in a few lists, small enough to stand in a database. Plain JSON. */
export interface PackageContents {
  readonly v: 1;
  /** Of all files, unpacked. */
  readonly bytes: number;
  readonly files: number;
  readonly minimumOs: string | null;
  readonly deviceFamilies: readonly number[];
  readonly requiredCapabilities: readonly string[];
  /** Names only: `NSCameraUsageDescription`. */
  readonly permissions: readonly string[];
  readonly urlSchemes: readonly string[];
  readonly backgroundModes: readonly string[];
  /** Names only; null when the signature cannot be read. */
  readonly entitlements: readonly string[] | null;
  readonly frameworks: readonly string[];
  readonly extensions: readonly string[];
  readonly localisations: readonly string[];
  readonly privacy: PrivacyManifest | null;
  readonly signals: readonly BusinessSignal[];
  /** There was more than fits: what is missing in a list need not be missing in the package. */
  readonly cut: boolean;
}

/** Of the JSON, in UTF-8. */
const MAX_BYTES = 64 * 1024;
const MAX_CHARACTERS = 255;
/** Per list; tried one after the other until the whole is small enough. */
const MAX_ITEMS = [400, 200, 100, 50, 25, 5];

/** Leaves out files, sentences and values; what is left has at most 64 KiB as JSON. */
export function summariseContents(description: PackageDescription): PackageContents {
  for (const most of MAX_ITEMS) {
    const summary = summaryOf(description, most);
    if (Buffer.byteLength(JSON.stringify(summary)) <= MAX_BYTES) return summary;
  }
  return summaryOf(description, 0);
}

function summaryOf(of: PackageDescription, most: number): PackageContents {
  let cut = false;
  const bounded = <T>(items: Iterable<T>): T[] => {
    const all = [...items];
    cut ||= all.length > most;
    return all.slice(0, most);
  };
  const texts = (items: Iterable<string>): string[] =>
    bounded(items)
      .map(short)
      .filter((text) => text !== '');
  const lists = {
    requiredCapabilities: texts(of.requiredCapabilities),
    permissions: texts(of.permissions.keys()),
    urlSchemes: texts(of.urlSchemes),
    backgroundModes: texts(of.backgroundModes),
    entitlements: of.entitlements === undefined ? null : texts(of.entitlements.keys()),
    frameworks: texts(of.frameworks),
    extensions: texts(of.extensions),
    localisations: texts(of.localisations),
    privacy: of.privacy === undefined ? null : privacyOf(of.privacy, texts),
    signals: bounded(of.signals).map(({ kind, evidence, where }) => ({
      kind,
      evidence: short(evidence),
      where: short(where),
    })),
  };
  return {
    v: 1,
    bytes: of.bytes,
    files: of.files.size,
    minimumOs: of.minimumOs ?? null,
    deviceFamilies: of.deviceFamilies,
    ...lists,
    cut,
  };
}

function privacyOf(
  privacy: PrivacyManifest,
  texts: (items: Iterable<string>) => string[],
): PrivacyManifest {
  return {
    tracking: privacy.tracking,
    trackingDomains: texts(privacy.trackingDomains),
    collected: texts(privacy.collected),
    accessedApis: texts(privacy.accessedApis),
  };
}

/** Without the characters a database does not take. */
function short(text: string): string {
  return readableText(text, MAX_CHARACTERS, '');
}
