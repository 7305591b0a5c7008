import { CONTAINER_WORDS, findBorders, readWords } from './container-words.js';
import { damagedChunkSet } from './damaged-chunk-set.js';
import type { Container } from './walk-containers.js';
import { CONTAINER_VALUES } from './walk-containers.js';

/** A container has at most 32,768 runs, each with two borders. */
export const BORDERS_MAX = CONTAINER_VALUES;

const words = new Int32Array(CONTAINER_WORDS);

/**
 * Writes the runs of a container as borders: first, end, first, end …, ascending, 0 … 65,536, with a gap before every
 * run.
 * @returns how many borders were written
 * @throws ArchiveError CHUNK_SET_DAMAGED
 */
export function decodeBorders(view: DataView, container: Container, borders: Uint32Array): number {
  switch (container.kind) {
    case 'array':
      return decodeArray(view, container, borders);
    case 'bitmap': {
      readWords(view, container.at, words);
      const length = findBorders(words, borders);
      verifyCardinality(container, borders, length);
      return length;
    }
    case 'runs': {
      const length = decodeRuns(view, container, borders);
      verifyCardinality(container, borders, length);
      return length;
    }
  }
}

/** Values in ascending order, two bytes each. */
function decodeArray(view: DataView, container: Container, borders: Uint32Array): number {
  const { at, cardinality } = container;
  let length = 0;
  let end = -1;
  for (let index = 0; index < cardinality; index++) {
    const value = view.getUint16(at + 2 * index, true);
    if (value < end) throw damagedChunkSet('ordinals of a container do not ascend');
    if (value > end) {
      if (length > 0) borders[length++] = end;
      borders[length++] = value;
    }
    end = value + 1;
  }
  borders[length++] = end;
  return length;
}

/** How many runs, then each one's first value and how many more follow; two bytes each. */
function decodeRuns(view: DataView, container: Container, borders: Uint32Array): number {
  const { at } = container;
  const runs = view.getUint16(at, true);
  let length = 0;
  let end = -1;
  for (let index = 0; index < runs; index++) {
    const first = view.getUint16(at + 2 + 4 * index, true);
    if (first < end) throw damagedChunkSet('runs of a container overlap');
    if (first > end) {
      if (length > 0) borders[length++] = end;
      borders[length++] = first;
    }
    end = first + view.getUint16(at + 4 + 4 * index, true) + 1;
    if (end > CONTAINER_VALUES) throw damagedChunkSet('a run leads out of its container');
  }
  if (length > 0) borders[length++] = end;
  return length;
}

function verifyCardinality(container: Container, borders: Uint32Array, length: number): void {
  let count = 0;
  for (let index = 0; index < length; index += 2) {
    count += (borders[index + 1] ?? 0) - (borders[index] ?? 0);
  }
  if (count !== container.cardinality) {
    throw damagedChunkSet('a container has not as many ordinals as it says');
  }
}
