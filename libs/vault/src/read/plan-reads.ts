import type { PackId } from '@rootcellar/model';
import type { ChunkLocation } from '../chunk-index.js';

/** One range of one pack. */
export interface PackRead {
  readonly packId: PackId;
  readonly offset: number;
  readonly length: number;
}

/** Where a chunk lies in what was read. */
export interface ReadPiece {
  /** Index into the reads. */
  readonly buffer: number;
  readonly offset: number;
}

export interface ReadPlan {
  readonly reads: readonly PackRead[];
  /** One per location, in the order given. */
  readonly pieces: readonly ReadPiece[];
}

/** Bytes nobody asked for that are read rather than paid for with a second request. */
const MAX_GAP_BYTES = 64 * 1024;
/** The same for a whole plan: it bounds the memory that the reads take. */
export const PLAN_WASTE_MAX_BYTES = 4 * 1024 * 1024;
/** Bounds a read's buffer; a single chunk is never larger. */
const MAX_READ_BYTES = 8 * 1024 * 1024;

/** Joins chunks that lie close together into as few reads as sensible. The same chunk twice is read once. */
export function planReads(locations: readonly ChunkLocation[]): ReadPlan {
  const order = locations.map((_, at) => at).sort((a, b) => byPlace(locations[a], locations[b]));
  const reads: { packId: PackId; offset: number; length: number }[] = [];
  const pieces: ReadPiece[] = [];
  let waste = 0;
  for (const at of order) {
    const place = locations[at];
    if (place === undefined) continue;
    const end = place.offset + place.sealedLength;
    let read = reads.at(-1);
    const gap = read === undefined ? 0 : Math.max(0, place.offset - (read.offset + read.length));
    if (
      read?.packId !== place.packId ||
      gap > MAX_GAP_BYTES ||
      waste + gap > PLAN_WASTE_MAX_BYTES ||
      end - read.offset > MAX_READ_BYTES
    ) {
      read = { packId: place.packId, offset: place.offset, length: 0 };
      reads.push(read);
    } else waste += gap;
    read.length = Math.max(read.length, end - read.offset);
    pieces[at] = { buffer: reads.length - 1, offset: place.offset - read.offset };
  }
  return { reads, pieces };
}

function byPlace(a: ChunkLocation | undefined, b: ChunkLocation | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.packId !== b.packId) return a.packId < b.packId ? -1 : 1;
  return a.offset - b.offset;
}
