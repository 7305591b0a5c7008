import { BORDERS_MAX, decodeBorders } from './container-borders.js';
import { walkContainers } from './walk-containers.js';

/**
 * Takes the runs of one container.
 * @param base the container's first ordinal, a multiple of 65,536
 * @param borders first, end, first, end … from `base` on; lent until the call returns
 * @param length how many borders there are; at least two
 */
export type VisitContainer = (base: number, borders: Uint32Array, length: number) => void;

/** 256 KiB that one call leaves to the next; a call within a call makes its own. */
let spare: Uint32Array | undefined;

/**
 * The containers of a serialised set, ascending. Damage may be found only after containers before it were visited:
 * {@link checkChunkSet} finds it first.
 * @throws ArchiveError CHUNK_SET_DAMAGED
 */
export function forEachContainer(set: Uint8Array, visit: VisitContainer): void {
  const view = new DataView(set.buffer, set.byteOffset, set.byteLength);
  const borders = spare ?? new Uint32Array(BORDERS_MAX);
  spare = undefined;
  try {
    walkContainers(view, (container) => {
      visit(container.base, borders, decodeBorders(view, container, borders));
    });
  } finally {
    spare = borders;
  }
}

/**
 * Reads a serialised set to its end.
 * @returns how far it reaches: its highest ordinal + 1; 0 for a set without any
 * @throws ArchiveError CHUNK_SET_DAMAGED
 */
export function checkChunkSet(set: Uint8Array): number {
  let reach = 0;
  forEachContainer(set, (base, borders, length) => {
    reach = base + (borders[length - 1] ?? 0);
  });
  return reach;
}
