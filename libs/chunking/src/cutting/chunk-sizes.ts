import { CHUNK_MAX_BYTES } from '../limits.js';

/** Bytes. Every chunk but the last of a file has more than `least` and at most `most`; most are near `target`. */
export interface ChunkSizes {
  /** At least 64, what the hash looks back. */
  readonly least: number;
  /** Rounded down to a power of two where it sets the masks. */
  readonly target: number;
  /** At most {@link CHUNK_MAX_BYTES}. */
  readonly most: number;
}

const HASH_WINDOW = 64;

/** Sizes are chosen by the program, never by input: wrong ones are a bug, a RangeError. */
export function assertChunkSizes({ least, target, most }: ChunkSizes): void {
  const ascending = HASH_WINDOW <= least && least <= target && target <= most;
  if (!ascending || most > CHUNK_MAX_BYTES || ![least, target, most].every(Number.isInteger)) {
    throw new RangeError(
      `chunk sizes ${least}/${target}/${most}: 64 ≤ least ≤ target ≤ most ≤ 4 MiB`,
    );
  }
}
