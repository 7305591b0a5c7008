import { isArchiveError } from '@rootcellar/model';
import type { BlockReader, ZipDirectory, ZipEntry } from '@rootcellar/zip';
import { readZipEntry, readZipEntryHead } from '@rootcellar/zip';
import { SINF_MAX_BYTES, sinfProblemIn } from './sinf.js';
import type { SinfProblem } from './sinf.js';

/** The app has one, and one for each of its further executables. */
const SINFS_MAX = 16;
/** PNG and JPEG: what the store writes. */
const PICTURES = [
  Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  Buffer.of(0xff, 0xd8, 0xff),
];

/** Rights that are not this app's open nothing; which of several are wrong does not matter. */
export async function sinfProblem(
  blocks: BlockReader,
  directory: ZipDirectory,
  { root, itemId }: { readonly root: string; readonly itemId: string | undefined },
): Promise<SinfProblem | undefined> {
  const folder = `${root}/SC_Info/`;
  const rights = [...directory].filter(
    ([name]) => name.startsWith(folder) && name.endsWith('.sinf'),
  );
  for (const [, entry] of rights.slice(0, SINFS_MAX)) {
    const bytes = await wholeOrWhy(blocks, entry, SINF_MAX_BYTES);
    const problem = typeof bytes === 'object' ? sinfProblemIn(bytes, itemId) : 'unreadable';
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Whether it begins as a picture does. */
export async function beginsAsPicture(blocks: BlockReader, entry: ZipEntry): Promise<boolean> {
  const head = await headOrNothing(blocks, entry);
  return PICTURES.some((start) => head.subarray(0, start.length).equals(start));
}

/** What nothing depends on may be broken. */
export async function wholeOrWhy(
  blocks: BlockReader,
  entry: ZipEntry,
  maxBytes: number,
): Promise<Buffer | 'unreadable' | 'too-large'> {
  try {
    return await readZipEntry(blocks, entry, maxBytes);
  } catch (error) {
    if (isArchiveError(error, 'PACKAGE_TOO_LARGE')) return 'too-large';
    if (isArchiveError(error, 'PACKAGE_NOT_ZIP')) return 'unreadable';
    throw error;
  }
}

async function headOrNothing(blocks: BlockReader, entry: ZipEntry): Promise<Buffer> {
  try {
    return await readZipEntryHead(blocks, entry);
  } catch (error) {
    if (isArchiveError(error, 'PACKAGE_TOO_LARGE', 'PACKAGE_NOT_ZIP')) return Buffer.of();
    throw error;
  }
}
