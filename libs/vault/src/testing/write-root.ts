import { comparePaths } from '@rootcellar/model';
import fc from 'fast-check';
import type { RootWriter } from '../root-writer.js';
import type { MemoryVault } from './open-memory-vault.js';
import { noise, prose } from './sample-bytes.js';
import { refOf, sendChunks } from './send-chunks.js';

/** A file, cut into the chunks it is stored as; a folder has none. */
export interface SampleFile {
  readonly path: string;
  readonly type: 'file' | 'folder';
  readonly mtimeNs: bigint;
  readonly chunks: readonly Uint8Array[];
}

/** Small chunks of either codec, from few seeds, so that files share some. */
export const anySampleChunk: fc.Arbitrary<Uint8Array> = fc
  .record({
    make: fc.constantFrom(noise, prose),
    length: fc.oneof(fc.constantFrom(1, 1000), fc.integer({ min: 1, max: 20_000 })),
    seed: fc.nat(3),
  })
  .map(({ make, length, seed }) => make(length, seed));

/** Folders, empty files, and files, ascending, nothing below a file. */
export const anySampleFiles: fc.Arbitrary<readonly SampleFile[]> = fc
  .uniqueArray(
    fc.record({
      path: fc.stringMatching(/^[a-z]{1,3}(\/[a-z]{1,2})?$/),
      mtimeNs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      chunks: fc.array(anySampleChunk, { maxLength: 12 }),
      folder: fc.boolean(),
    }),
    { selector: ({ path }) => path, maxLength: 15 },
  )
  .map((drafts) => {
    const sorted = drafts.toSorted((a, b) => comparePaths(a.path, b.path));
    return sorted.map(({ path, mtimeNs, chunks, folder }, at): SampleFile => {
      const parent = sorted[at + 1]?.path.startsWith(`${path}/`) === true;
      return folder || parent
        ? { path, type: 'folder', mtimeNs, chunks: [] }
        : { path, type: 'file', mtimeNs, chunks };
    });
  });

export function sizeOf({ chunks }: SampleFile): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/** Sends the chunks of all files, as an agent does. */
export async function sendFiles(opened: MemoryVault, files: readonly SampleFile[]): Promise<void> {
  const chunks = files.flatMap((file) => file.chunks);
  if (chunks.length > 0) await sendChunks(opened.vault, chunks, opened.holder);
}

/** Names the files and their chunks, a few refs at a time. */
export async function addFiles(root: RootWriter, files: readonly SampleFile[]): Promise<void> {
  for (const file of files) {
    const { path, type, mtimeNs, chunks } = file;
    const refs = chunks.map(refOf);
    const batches = [refs.slice(0, 5), refs.slice(5)];
    await root.add({ path, type, mtimeNs, size: sizeOf(file) }, batches);
  }
}
