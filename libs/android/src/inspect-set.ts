import { ArchiveError } from '@rootcellar/model';
import {
  BlockReader,
  dataOffset,
  packageTooLarge,
  readZipDirectory,
  readZipEntry,
} from '@rootcellar/zip';
import type { RandomAccessReader, ZipDirectory, ZipEntry } from '@rootcellar/zip';
import { apkFacts } from './inspect-apk.js';
import type { ApkFacts } from './inspect-apk.js';

/** One .apk of a set. */
export interface SetPart {
  /** Its name in the set. */
  readonly name: string;
  readonly size: number;
  readonly facts: ApkFacts;
}

const APK = /\.apk$/i;
/** `standalones/`, `instant/`: other packagings of the same app beside the splits of bundletool's sets. */
const OTHER_PACKAGING = /^(?:standalones|instant|system|archive)\//;
/** Play makes some dozen. */
const MAX_PARTS = 300;
/** What is packed once more is unpacked in memory. */
const MAX_PACKED_BYTES = 64 * 1024 * 1024;
const STORED = 0;

/** Names of the packages in a set: bundletool's `.apks`, `.xapk` and `.apkm` are zips of .apk files. */
export function partsOfSet(directory: ZipDirectory): readonly string[] {
  const apks = [...directory.keys()].filter((name) => APK.test(name));
  const splits = apks.filter((name) => !OTHER_PACKAGING.test(name));
  return (splits.length > 0 ? splits : apks).sort();
}

/**
 * Reads the packages of a set: base and splits of one version, signed by the same.
 *
 * @throws ArchiveError PACKAGE_… as `inspectApk`; PACKAGE_SEVERAL_APPS when they are not of one version of one app
 */
export async function inspectSet(
  blocks: BlockReader,
  directory: ZipDirectory,
): Promise<readonly SetPart[]> {
  const names = partsOfSet(directory);
  if (names.length > MAX_PARTS) throw packageTooLarge('more parts', MAX_PARTS);
  const parts: SetPart[] = [];
  for (const name of names) {
    const entry = directory.get(name);
    if (entry === undefined) continue;
    const inner = new BlockReader(await readerOfEntry(blocks, entry), entry.bytes);
    const facts = await apkFacts(inner, await readZipDirectory(inner));
    parts.push({ name, size: entry.bytes, facts });
  }
  requireOneVersion(parts);
  return parts;
}

async function readerOfEntry(blocks: BlockReader, entry: ZipEntry): Promise<RandomAccessReader> {
  if (entry.method !== STORED) {
    const bytes = await readZipEntry(blocks, entry, MAX_PACKED_BYTES);
    return { read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)) };
  }
  const start = await dataOffset(blocks, entry);
  return { read: (offset, length) => blocks.read(start + offset, length) };
}

function requireOneVersion(parts: readonly SetPart[]): void {
  const kinds = new Set(
    parts.map(({ facts }) =>
      [facts.packageName, facts.versionCode, facts.signing.certificates.join()].join(' '),
    ),
  );
  if (kinds.size < 2) return;
  throw new ArchiveError(
    'PACKAGE_SEVERAL_APPS',
    'The set holds packages of different apps, versions or signers. No device installs such a set; nothing was kept of it.',
    { hint: 'Add the packages one by one.' },
  );
}
