import { ArchiveError } from '@rootcellar/model';
import { BlockReader, readZipDirectory, readZipEntry } from '@rootcellar/zip';
import type { RandomAccessReader, ZipDirectory } from '@rootcellar/zip';
import { readManifest } from './read-manifest.js';
import type { ManifestFacts } from './read-manifest.js';
import { readSigning } from './signing.js';
import type { Signing } from './signing.js';

/** What one .apk says about itself. */
export interface ApkFacts extends ManifestFacts {
  /** Processors of its native code, from `lib/<abi>/`; empty without any: then it runs on all. */
  readonly abis: readonly string[];
  readonly signing: Signing;
  /** Files in the zip. */
  readonly entries: number;
}

export const MANIFEST_ENTRY = 'AndroidManifest.xml';
const MANIFEST_MAX_BYTES = 8 * 1024 * 1024;
const ABI = /^lib\/([A-Za-z0-9_-]{1,32})\/[^/]+\.so$/;
const MAX_ABIS = 20;

/**
 * Reads what an .apk is, touching only its directory, its manifest and its signatures.
 *
 * @throws ArchiveError PACKAGE_NOT_ZIP, PACKAGE_ENTRIES_UNSAFE, PACKAGE_ENCRYPTED, PACKAGE_TOO_LARGE, PACKAGE_NO_APP,
 * PACKAGE_MANIFEST_DAMAGED; and whatever the reader throws
 */
export async function inspectApk(
  reader: RandomAccessReader,
  { size }: { readonly size: number },
): Promise<ApkFacts> {
  const blocks = new BlockReader(reader, size);
  return apkFacts(blocks, await readZipDirectory(blocks));
}

export async function apkFacts(blocks: BlockReader, directory: ZipDirectory): Promise<ApkFacts> {
  const entry = directory.get(MANIFEST_ENTRY);
  if (entry === undefined) {
    throw new ArchiveError(
      'PACKAGE_NO_APP',
      'There is no AndroidManifest.xml in the zip; nothing was kept of it.',
    );
  }
  const bytes = await readZipEntry(blocks, entry, MANIFEST_MAX_BYTES);
  const abis = [...directory.keys()].map((name) => ABI.exec(name)?.[1]);
  return {
    ...readManifest(bytes),
    abis: [...new Set(abis.filter((abi) => abi !== undefined))].sort().slice(0, MAX_ABIS),
    signing: await readSigning(blocks, directory),
    entries: directory.size,
  };
}
