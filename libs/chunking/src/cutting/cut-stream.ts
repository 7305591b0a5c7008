import type { ChunkSizes } from './chunk-sizes.js';
import type { Cutter } from './cutter.js';

/** Writes the next bytes of a file to the beginning of `into` and says how many; 0 at the end of the file. */
export type ReadInto = (into: Uint8Array) => Promise<number> | number;

/**
 * Cuts one file, reading it through the cutter's memory. Yields the chunks of one filling at a time: views, good until the
 * next one is asked for. An empty file has no chunks.
 */
export async function* cutStream(
  cutter: Cutter,
  sizes: ChunkSizes,
  read: ReadInto,
): AsyncGenerator<readonly Uint8Array[], void, void> {
  const { buffer } = cutter;
  let filled = 0;
  for (let final = false; !final;) {
    while (!final && filled < buffer.length) {
      const got = await read(buffer.subarray(filled));
      filled += got;
      final = got === 0;
    }
    const lengths = cutter.cut(0, filled, sizes, final);
    let end = 0;
    const chunks = lengths.map((length) => buffer.subarray(end, (end += length)));
    if (chunks.length > 0) yield chunks;
    buffer.copyWithin(0, end, filled);
    filled -= end;
  }
}
