import { ChunkUnion } from './chunk-union.js';
import type { ChunkWeights } from './chunk-weights.js';

/** Roots that are looked at as one: those of a device, an app, a member. */
export interface RootGroup {
  readonly id: string;
  /** Serialised. */
  readonly sets: readonly Uint8Array[];
}

/** Sealed bytes. */
export interface GroupSize {
  readonly id: string;
  /** What the group needs. */
  readonly bytes: number;
  /** What it needs and no other of the groups does. */
  readonly uniqueBytes: number;
}

/**
 * What each group needs, and what only it needs, in the order of the groups. Groups are taken one at a time: their
 * sets need not be in memory together. Memory meanwhile: about 8 bytes an ordinal.
 * @throws ArchiveError CHUNK_SET_DAMAGED
 */
export function groupSizes(groups: Iterable<RootGroup>, weights: ChunkWeights): GroupSize[] {
  const union = new ChunkUnion(weights.reachMax);
  const owners = new ChunkOwners(weights);
  const needed: { readonly id: string; readonly bytes: number }[] = [];
  for (const { id, sets } of groups) {
    const group = needed.length;
    for (const set of sets) union.add(set);
    const bytes = drainBytes(union, weights, (first, end) => owners.add(group, first, end));
    needed.push({ id, bytes });
  }
  const unique = owners.uniqueBytes(needed.length);
  return needed.map(({ id, bytes }, group) => ({ id, bytes, uniqueBytes: unique[group] ?? 0 }));
}

/**
 * What the chunks of these sets weigh, each chunk once; sealed bytes.
 * @throws ArchiveError CHUNK_SET_DAMAGED
 */
export function unionBytes(sets: Iterable<Uint8Array>, weights: ChunkWeights): number {
  const union = new ChunkUnion(weights.reachMax);
  for (const set of sets) union.add(set);
  return drainBytes(union, weights, () => undefined);
}

/** Tells of every run of the union, and returns what they weigh. */
function drainBytes(
  union: ChunkUnion,
  weights: ChunkWeights,
  visit: (first: number, end: number) => void,
): number {
  let bytes = 0;
  union.drain((base, borders, length) => {
    for (let index = 0; index < length; index += 2) {
      const first = base + (borders[index] ?? 0);
      const end = base + (borders[index + 1] ?? 0);
      bytes += weights.bytesBetween(first, end);
      visit(first, end);
    }
  });
  return bytes;
}

/**
 * Which group holds an ordinal, if only one does. As in a `ChunkTally`, only borders of runs are noted: how many groups begin
 * or end there, and the sum of their numbers (modulo 2^32). Where one group is left, the sum is its number.
 */
class ChunkOwners {
  readonly #weights: Uint32Array;
  readonly #groups: Int32Array;
  readonly #numbers: Int32Array;

  constructor(weights: ChunkWeights) {
    this.#weights = weights.values;
    this.#groups = new Int32Array(weights.size + 1);
    this.#numbers = new Int32Array(weights.size + 1);
  }

  /** What lies beyond all weights weighs nothing, and is left out. */
  add(group: number, first: number, end: number): void {
    this.#step(first, 1, group);
    this.#step(end, -1, -group);
  }

  uniqueBytes(groups: number): Float64Array {
    const unique = new Float64Array(groups);
    const weights = this.#weights;
    let count = 0;
    let number = 0;
    for (let ordinal = 0; ordinal < weights.length; ordinal++) {
      count += this.#groups[ordinal] ?? 0;
      number = (number + (this.#numbers[ordinal] ?? 0)) | 0;
      if (count === 1) unique[number] = (unique[number] ?? 0) + (weights[ordinal] ?? 0);
    }
    return unique;
  }

  #step(ordinal: number, groups: number, number: number): void {
    if (ordinal >= this.#groups.length) return;
    this.#groups[ordinal] = (this.#groups[ordinal] ?? 0) + groups;
    this.#numbers[ordinal] = (this.#numbers[ordinal] ?? 0) + number;
  }
}
