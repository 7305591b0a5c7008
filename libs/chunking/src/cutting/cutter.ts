import { assertChunkSizes } from './chunk-sizes.js';
import type { ChunkSizes } from './chunk-sizes.js';
import { GEAR_TABLE_BYTES, gearTable } from './gear-table.js';
import { instantiateFastCdc } from './instantiate-fastcdc.js';

/** Finds where content-defined chunks end. One cutter belongs to one task at a time; a cutter holds its memory. */
export interface Cutter {
  /**
   * The cutter's memory. Read files straight into it; it never moves and cannot be transferred to another thread.
   * Chunks are views of it until it is written again.
   */
  readonly buffer: Uint8Array;
  /**
   * Lengths of the chunks in `buffer`, from `start`. Unless `final`, the bytes behind the last length that is returned (fewer than
   * `sizes.most`) belong to a chunk that may still grow: hand them in again, with what follows them. So cuts depend on
   * the bytes alone, not on how a file was read.
   */
  cut(start: number, length: number, sizes: ChunkSizes, final: boolean): number[];
}

/** Twice the largest chunk: at most half of the buffer is carried over. */
const DEFAULT_CAPACITY = 8 * 1024 * 1024;
const WASM_PAGE_BYTES = 65536;

/**
 * FastCDC (Xia et al., USENIX ATC 2016 and IEEE TPDS 2020) in WebAssembly, normalised at level 2.
 * @param seed 32 bytes, the household's: other seeds cut elsewhere
 * @param capacity of `buffer` in bytes
 */
export function createCutter(seed: Uint8Array, capacity = DEFAULT_CAPACITY): Cutter {
  const { memory, cut } = instantiateFastCdc();
  const pages = Math.ceil((GEAR_TABLE_BYTES + capacity) / WASM_PAGE_BYTES);
  memory.grow(pages - memory.buffer.byteLength / WASM_PAGE_BYTES);
  new Uint8Array(memory.buffer, 0, GEAR_TABLE_BYTES).set(gearTable(seed));

  return {
    buffer: new Uint8Array(memory.buffer, GEAR_TABLE_BYTES, capacity),
    cut: (start, length, sizes, final) => {
      assertChunkSizes(sizes);
      if (start < 0 || length < 0 || start + length > capacity || sizes.most > capacity) {
        throw new RangeError('the bytes to cut, or the largest chunk, lie outside of the buffer');
      }
      const { least, target, most } = sizes;
      const lengths: number[] = [];
      for (let done = 0; done < length;) {
        const available = length - done;
        let found = cut(GEAR_TABLE_BYTES + start + done, available, least, target, most);
        if (found === 0) {
          if (!final) break;
          found = available;
        }
        lengths.push(found);
        done += found;
      }
      return lengths;
    },
  };
}
