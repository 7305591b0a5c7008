import { readChunkSetHeader } from './chunk-set-header.js';
import type { ChunkSetHeader } from './chunk-set-header.js';
import { damagedChunkSet } from './damaged-chunk-set.js';

/** Values of one container: it holds the lower 16 bits of ordinals that have the upper 16 in common. */
export const CONTAINER_VALUES = 65_536;

/** Where one container of a serialised set lies; all its bytes are there. */
export interface Container {
  /** Its first ordinal, a multiple of 65,536. */
  readonly base: number;
  /** How its values are written. */
  readonly kind: 'array' | 'bitmap' | 'runs';
  /** How many values it says it has, 1 … 65,536. */
  readonly cardinality: number;
  readonly at: number;
  readonly end: number;
}

/** More values are kept as a bitmap. */
const ARRAY_MAX = 4096;
const BITMAP_BYTES = CONTAINER_VALUES / 8;

/**
 * The containers of a serialised set, ascending; what is in them is not looked at.
 * @throws ArchiveError CHUNK_SET_DAMAGED
 */
export function walkContainers(view: DataView, visit: (container: Container) => void): void {
  const header = readChunkSetHeader(view);
  let at = header.containersAt;
  let next = 0;
  for (let index = 0; index < header.containers; index++) {
    verifyOffset(view, header, index, at);
    const container = findContainer(view, header, index, at);
    if (container.base < next) throw damagedChunkSet('its containers do not ascend');
    if (container.end > view.byteLength) throw damagedChunkSet('it is cut off');
    visit(container);
    next = container.base + CONTAINER_VALUES;
    at = container.end;
  }
  if (at !== view.byteLength) throw damagedChunkSet('more bytes follow it');
}

/** A reader that follows offsets must see what one sees that reads on and on. */
function verifyOffset(view: DataView, header: ChunkSetHeader, index: number, at: number): void {
  if (header.offsetsAt === undefined) return;
  if (view.getUint32(header.offsetsAt + 4 * index, true) !== at) {
    throw damagedChunkSet('a container does not lie where it should');
  }
}

function findContainer(
  view: DataView,
  header: ChunkSetHeader,
  index: number,
  at: number,
): Container {
  const base = view.getUint16(header.keysAt + 4 * index, true) * CONTAINER_VALUES;
  const cardinality = view.getUint16(header.keysAt + 4 * index + 2, true) + 1;
  if (isRunContainer(view, header, index)) {
    const runs = at + 2 <= view.byteLength ? view.getUint16(at, true) : 0;
    return { base, kind: 'runs', cardinality, at, end: at + 2 + 4 * runs };
  }
  return cardinality <= ARRAY_MAX
    ? { base, kind: 'array', cardinality, at, end: at + 2 * cardinality }
    : { base, kind: 'bitmap', cardinality, at, end: at + BITMAP_BYTES };
}

function isRunContainer(view: DataView, header: ChunkSetHeader, index: number): boolean {
  if (header.runFlagsAt === undefined) return false;
  return ((view.getUint8(header.runFlagsAt + (index >>> 3)) >>> (index & 7)) & 1) === 1;
}
