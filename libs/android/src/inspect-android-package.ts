import { BlockReader, readZipDirectory } from '@rootcellar/zip';
import type { RandomAccessReader } from '@rootcellar/zip';
import { androidAppId } from './android-app.js';
import { MANIFEST_ENTRY, apkFacts } from './inspect-apk.js';
import type { ApkFacts } from './inspect-apk.js';
import { inspectSet, partsOfSet } from './inspect-set.js';
import type { SetPart } from './inspect-set.js';
import type { Signing } from './signing.js';

/** What a file for Android says about itself, in the words the library uses for packages of every kind. */
export interface AndroidPackageFacts {
  readonly platform: 'android';
  /** `android:<package name>` */
  readonly bundleId: string;
  /** The label, where it is plain text. */
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** The version code, which orders versions and tells them apart; so it also stands where the store's number does. */
  readonly build: string;
  readonly externalVersionId: string;
  readonly minSdk: string | undefined;
  readonly targetSdk: string | undefined;
  /** The split's name, when the file is one split and not a base. */
  readonly split: string | undefined;
  readonly abis: readonly string[];
  readonly permissions: readonly string[];
  readonly signing: Signing;
  /** Of a set, its parts; undefined for a single .apk. */
  readonly parts: readonly SetPartFacts[] | undefined;
}

export interface SetPartFacts {
  readonly name: string;
  readonly split: string | undefined;
  readonly size: number;
}

/**
 * Reads what a file is by its content: an .apk, or a set of them.
 *
 * @returns undefined when it is a zip without a package for Android
 * @throws ArchiveError PACKAGE_NOT_ZIP, PACKAGE_ENTRIES_UNSAFE, PACKAGE_ENCRYPTED, PACKAGE_TOO_LARGE, PACKAGE_SEVERAL_APPS,
 * PACKAGE_MANIFEST_DAMAGED; and whatever the reader throws
 */
export async function inspectAndroidPackage(
  reader: RandomAccessReader,
  { size }: { readonly size: number },
): Promise<AndroidPackageFacts | undefined> {
  const blocks = new BlockReader(reader, size);
  const directory = await readZipDirectory(blocks);
  if (directory.has(MANIFEST_ENTRY))
    return describe([{ name: '', size, facts: await apkFacts(blocks, directory) }], false);
  const isForIos = [...directory.keys()].some((name) => name.startsWith('Payload/'));
  if (isForIos || partsOfSet(directory).length === 0) return undefined;
  return describe(await inspectSet(blocks, directory), true);
}

function describe(parts: readonly SetPart[], isSet: boolean): AndroidPackageFacts | undefined {
  const base = parts.find(({ facts }) => facts.split === undefined) ?? parts[0];
  if (base === undefined) return undefined;
  const { packageName, label, versionName, versionCode, split, signing, ...facts } = base.facts;
  return {
    platform: 'android',
    bundleId: androidAppId(packageName),
    name: label,
    version: versionName,
    ...{ build: versionCode, externalVersionId: versionCode },
    ...{ minSdk: facts.minSdk, targetSdk: facts.targetSdk, split, signing },
    abis: together(parts, (one) => one.abis),
    permissions: together(parts, (one) => one.permissions),
    parts: isSet ? parts.map(partFacts) : undefined,
  };
}

function partFacts({ name, size, facts: { split } }: SetPart): SetPartFacts {
  return { name, split, size };
}

function together(
  parts: readonly SetPart[],
  of: (facts: ApkFacts) => readonly string[],
): readonly string[] {
  return [...new Set(parts.flatMap(({ facts }) => of(facts)))].sort().slice(0, 500);
}
