import { readableText } from '@rootcellar/model';
import { manifestDamaged } from './android-errors.js';
import { elementsOf } from './binary-xml.js';
import type { XmlElement, XmlValue } from './binary-xml.js';

/** What an AndroidManifest.xml says, made fit to store and show. */
export interface ManifestFacts {
  /** `com.example.app` */
  readonly packageName: string;
  /** The version shown to people; a split, and whatever names it by a resource, has none. */
  readonly versionName: string | undefined;
  /** The number that orders versions, up to 64 bits, in decimal digits. */
  readonly versionCode: string;
  /** API level, or the codename of a preview. */
  readonly minSdk: string | undefined;
  readonly targetSdk: string | undefined;
  /** Where it is plain text, not a name in the resources. */
  readonly label: string | undefined;
  /** The split's name; undefined for a base package. */
  readonly split: string | undefined;
  /** Sorted; at most 500. */
  readonly permissions: readonly string[];
}

/** Numbers of the attributes in AOSP's public.xml: names may be stripped, these are not. */
const ID = {
  label: 0x01010001,
  name: 0x01010003,
  minSdkVersion: 0x0101020c,
  versionCode: 0x0101021b,
  versionName: 0x0101021c,
  targetSdkVersion: 0x01010270,
  versionCodeMajor: 0x01010576,
} as const;
const PACKAGE_NAME = /^[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*$/;
const MAX_NAME = 223;
const MAX_PERMISSIONS = 500;

/** @throws ArchiveError PACKAGE_MANIFEST_DAMAGED */
export function readManifest(bytes: Buffer): ManifestFacts {
  let root: ReturnType<typeof rootFacts> | undefined;
  let sdk: Pick<ManifestFacts, 'minSdk' | 'targetSdk'> = {
    minSdk: undefined,
    targetSdk: undefined,
  };
  let label: string | undefined;
  const permissions = new Set<string>();
  for (const element of elementsOf(bytes)) {
    if (element.depth === 1) root ??= rootFacts(element);
    if (element.depth !== 2) continue;
    if (element.name === 'uses-sdk') sdk = sdkFacts(element);
    else if (element.name === 'application')
      label ??= shortText(element.attribute('label', ID.label));
    else if (/^uses-permission(?:-sdk-\d+)?$/.test(element.name)) {
      const name = shortText(element.attribute('name', ID.name));
      if (name !== undefined && permissions.size < MAX_PERMISSIONS) permissions.add(name);
    }
  }
  if (root === undefined) throw manifestDamaged('is empty');
  return { ...root, ...sdk, label, permissions: [...permissions].sort() };
}

function rootFacts(
  element: XmlElement,
): Pick<ManifestFacts, 'packageName' | 'versionName' | 'versionCode' | 'split'> {
  const packageName = element.attribute('package');
  if (element.name !== 'manifest') throw manifestDamaged('is of another kind');
  if (
    typeof packageName !== 'string' ||
    packageName.length > MAX_NAME ||
    !PACKAGE_NAME.test(packageName)
  )
    throw manifestDamaged('names no package');
  const code = (name: 'versionCode' | 'versionCodeMajor'): bigint => {
    const value = element.attribute(name, ID[name]);
    return typeof value === 'number' ? BigInt(value) : 0n;
  };
  return {
    packageName,
    versionName: shortText(element.attribute('versionName', ID.versionName)),
    versionCode: String((code('versionCodeMajor') << 32n) | code('versionCode')),
    split: shortText(element.attribute('split')),
  };
}

function sdkFacts(element: XmlElement): Pick<ManifestFacts, 'minSdk' | 'targetSdk'> {
  return {
    minSdk: shortText(element.attribute('minSdkVersion', ID.minSdkVersion)),
    targetSdk: shortText(element.attribute('targetSdkVersion', ID.targetSdkVersion)),
  };
}

function shortText(value: XmlValue): string | undefined {
  if (value === undefined || typeof value === 'boolean') return undefined;
  const readable = readableText(String(value), 200, '');
  return readable === '' ? undefined : readable;
}
