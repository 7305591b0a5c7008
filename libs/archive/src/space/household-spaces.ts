import type { HouseholdId, RootId } from '@rootcellar/model';
import { ChunkCounts, ChunkTally, ChunkWeights } from '@rootcellar/vault';
import type { Inventory, KeptRoot, SpaceCatalog } from '../ports/space-catalog.js';
import { readWeights } from './read-weights.js';
import { Turns } from './turns.js';

/** A household's roots with their chunk sets, as they were at one moment. */
export interface Space {
  readonly inventory: Inventory;
  /** Of every root of the inventory. */
  readonly setOf: (root: { readonly id: RootId }) => Uint8Array;
  readonly weights: ChunkWeights;
  /** What a root of the inventory needs, shared or not; sealed bytes. */
  readonly bytesOf: (root: { readonly id: RootId }) => number;
  /**
   * How many of these roots need each chunk. Others have their turn in between: with a thousand roots it takes long enough to be noticed by
   * uploads.
   */
  readonly count: (roots: readonly KeptRoot[]) => Promise<ChunkCounts>;
}

interface Known {
  readonly weights: ChunkWeights;
  readonly sets: Map<RootId, Uint8Array>;
}

/** Households whose sets and weights are kept in memory: neither ever changes, there are only more of them. */
const HOUSEHOLDS_KEPT = 4;
/** Sets of one household that are worth keeping. */
const SETS_MAX_BYTES = 96 * 1024 * 1024;
const SETS_A_QUERY = 100;

/** Opens what sizes are made of. Exact, and after the first time quick: only what is new is read. */
export class HouseholdSpaces {
  readonly #catalog: SpaceCatalog;
  /** The one used last is last. */
  readonly #known = new Map<HouseholdId, Known>();
  readonly #underway = new Map<HouseholdId, Promise<unknown>>();

  constructor(catalog: SpaceCatalog) {
    this.#catalog = catalog;
  }

  /** For who asks what is there, and not what it costs: reads no sets. */
  async inventory(householdId: HouseholdId): Promise<Inventory> {
    return this.#catalog.inventory(householdId);
  }

  async open(householdId: HouseholdId): Promise<Space> {
    // One at a time: they share what is known.
    const before = this.#underway.get(householdId) ?? Promise.resolve();
    const opening = before.then(
      async () => this.#open(householdId),
      async () => this.#open(householdId),
    );
    this.#underway.set(householdId, opening);
    try {
      return await opening;
    } finally {
      if (this.#underway.get(householdId) === opening) this.#underway.delete(householdId);
    }
  }

  async #open(householdId: HouseholdId): Promise<Space> {
    const known: Known = this.#known.get(householdId) ?? {
      weights: new ChunkWeights(),
      sets: new Map<RootId, Uint8Array>(),
    };
    this.#known.delete(householdId);
    const inventory = await this.#catalog.inventory(householdId);
    const [sets] = await Promise.all([
      this.#readSets(householdId, inventory.roots, known.sets),
      readWeights(this.#catalog, householdId, known.weights),
    ]);
    // Once more after the sets: what they name has its weight by now.
    await readWeights(this.#catalog, householdId, known.weights);
    const setBytes = [...sets.values()].reduce((sum, set) => sum + set.length, 0);
    this.#known.set(householdId, {
      weights: known.weights,
      sets: setBytes > SETS_MAX_BYTES ? new Map<RootId, Uint8Array>() : sets,
    });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= HOUSEHOLDS_KEPT) break;
      this.#known.delete(oldest);
    }
    const setOf = ({ id }: { readonly id: RootId }): Uint8Array => sets.get(id) ?? EMPTY_SET;
    // A root may have gone between the two questions.
    const roots = inventory.roots.filter(({ id }) => sets.has(id));
    const bytes = await this.#weigh(householdId, roots, (root) =>
      known.weights.bytesOf(setOf(root)),
    );
    return {
      inventory: { ...inventory, roots },
      setOf,
      weights: known.weights,
      bytesOf: ({ id }) => bytes.get(id) ?? 0,
      count: async (some) => countInTurns(known.weights, some.values().map(setOf)),
    };
  }

  /** @returns the sets of these roots and of no others */
  async #readSets(
    householdId: HouseholdId,
    roots: readonly KeptRoot[],
    known: ReadonlyMap<RootId, Uint8Array>,
  ): Promise<Map<RootId, Uint8Array>> {
    const sets = new Map<RootId, Uint8Array>();
    const missing: RootId[] = [];
    for (const { id } of roots) {
      const set = known.get(id);
      if (set === undefined) missing.push(id);
      else sets.set(id, set);
    }
    let from = 0;
    const readOn = async (): Promise<void> => {
      while (from < missing.length) {
        const some = missing.slice(from, from + SETS_A_QUERY);
        from += SETS_A_QUERY;
        for (const [id, set] of await this.#catalog.chunkSets(householdId, some)) sets.set(id, set);
      }
    };
    // Side by side: one question is answered while the answer to the other is taken in.
    await Promise.all([readOn(), readOn()]);
    return sets;
  }

  /** Each root once, whoever asks first: afterwards the catalog knows. */
  async #weigh(
    householdId: HouseholdId,
    roots: readonly KeptRoot[],
    bytesOf: (root: KeptRoot) => number,
  ): Promise<ReadonlyMap<RootId, number>> {
    const bytes = new Map<RootId, number>();
    const weighed = new Map<RootId, number>();
    const turns = new Turns();
    for (const root of roots) {
      const size = root.neededBytes ?? bytesOf(root);
      bytes.set(root.id, size);
      if (root.neededBytes !== undefined) continue;
      weighed.set(root.id, size);
      await turns.pause();
    }
    if (weighed.size > 0) await this.#catalog.noteNeededBytes(householdId, weighed);
    return bytes;
  }
}

/** A portable Roaring bitmap without containers. */
const EMPTY_SET = Buffer.from('3a30000000000000', 'hex');

async function countInTurns(
  weights: ChunkWeights,
  sets: Iterable<Uint8Array>,
): Promise<ChunkCounts> {
  const tally = new ChunkTally(weights);
  const turns = new Turns();
  for (const set of sets) {
    tally.add(set);
    await turns.pause();
  }
  return new ChunkCounts(tally);
}
