import { createHash } from 'node:crypto';
import type { ChunkRef } from '@rootcellar/chunking';
import type { RandomAccessReader } from '@rootcellar/ios';
import { ArchiveError } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import type { HouseholdVault, Recipe } from '@rootcellar/vault';
import type { ChunkMemory } from './chunk-memory.js';

/** Some 100 MB of ids and lengths; a package of 4 GB has 4,000 to 60,000 chunks. */
const CHUNKS_MAX = 500_000;

/** A piece of a file, and the chunk it lies in. */
interface Piece {
  readonly ref: ChunkRef;
  /** Within the chunk. */
  readonly from: number;
  readonly to: number;
}

/** Where in a package which chunks lie: reads it, and tells what two packages have in common without reading. */
export class PackageChunks {
  readonly ids: ReadonlySet<ChunkId>;
  readonly bytes: number;
  readonly #refs: readonly ChunkRef[];
  /** Where each chunk begins. */
  readonly #starts: Float64Array;

  private constructor(refs: readonly ChunkRef[]) {
    this.#refs = refs;
    this.ids = new Set(refs.map(({ id }) => id));
    this.#starts = new Float64Array(refs.length);
    let at = 0;
    for (const [index, { length }] of refs.entries()) {
      this.#starts[index] = at;
      at += length;
    }
    this.bytes = at;
  }

  /** @throws ArchiveError TOO_LARGE, TREE_DAMAGED, CHUNK_DAMAGED … */
  static async of(vault: HouseholdVault, recipe: Recipe): Promise<PackageChunks> {
    const refs: ChunkRef[] = [];
    for await (const list of vault.trees.refs(recipe)) {
      if (refs.length + list.length > CHUNKS_MAX)
        throw new ArchiveError('TOO_LARGE', 'The package is larger than any that is compared.');
      refs.push(...list);
    }
    return new PackageChunks(refs);
  }

  reader(vault: HouseholdVault, memory: ChunkMemory): RandomAccessReader {
    return {
      read: async (offset, length) => {
        const out = Buffer.alloc(length);
        let filled = 0;
        for (const { ref, from, to } of this.#pieces(offset, length)) {
          const chunk = await memory.get(ref, () =>
            vault.files.range({ normaliser: 0, depth: 0, refs: [ref] }, 0, ref.length),
          );
          out.set(chunk.subarray(from, to), filled);
          filled += to - from;
        }
        return out.subarray(0, filled);
      },
    };
  }

  /** Equal for two ranges, of whichever packages, only when their bytes are equal: they are cut out of the same chunks. */
  keyOf(offset: number, length: number): string {
    const key = createHash('sha256');
    for (const { ref, from, to } of this.#pieces(offset, length))
      key.update(`${ref.id} ${String(from)} ${String(to)}\n`);
    return key.digest('hex');
  }

  /** @returns how many bytes of a range lie in chunks the other package has not */
  bytesLackedBy(other: PackageChunks): (offset: number, length: number) => number {
    const [refs, starts] = [this.#refs, this.#starts];
    /** `before[n]`: of the chunks before the n-th. */
    const before = new Float64Array(refs.length + 1);
    for (const [index, { id, length }] of refs.entries())
      before[index + 1] = (before[index] ?? 0) + (other.ids.has(id) ? 0 : length);
    const upTo = (offset: number): number => {
      const index = this.#chunkAt(offset);
      const into = Math.min(Math.max(offset - (starts[index] ?? 0), 0), refs[index]?.length ?? 0);
      const isLacked = (before[index + 1] ?? 0) > (before[index] ?? 0);
      return (before[index] ?? 0) + (isLacked ? into : 0);
    };
    return (offset, length) => upTo(offset + length) - upTo(offset);
  }

  *#pieces(offset: number, length: number): Generator<Piece> {
    const end = offset + length;
    for (let index = this.#chunkAt(offset); index < this.#refs.length; index += 1) {
      const [ref, start = 0] = [this.#refs[index], this.#starts[index]];
      if (ref === undefined || start >= end) return;
      const [from, to] = [Math.max(offset - start, 0), Math.min(end - start, ref.length)];
      if (from < to) yield { ref, from, to };
    }
  }

  /** The last chunk that begins at the offset or before it. */
  #chunkAt(offset: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
