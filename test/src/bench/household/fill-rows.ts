import type { Database } from '@rootcellar/catalog';
import { sampleChunkSets } from '@rootcellar/vault/testing/samples';
import { fillHousehold } from './fill-household.js';
import type { Owner } from './fill-household.js';
import { fillPacks, fillWeights } from './fill-packs.js';
import { largeHousehold } from './large-household.js';
import { packsOf } from './packs.js';

export interface RowsOrder {
  readonly seed: number;
  /** Rows of chunks. */
  readonly chunks: number;
  /** Of the chunks, so many at least are needed by nobody; they are the last ones, in packs of their own. */
  readonly dead: number;
  readonly snapshots: number;
  readonly versions: number;
}

export interface FilledRows {
  readonly packs: number;
  /** Chunks needed by nobody. */
  readonly dead: number;
}

/** A household of very many chunks, of which some packs are needed by nobody; written straight into the tables. */
export async function fillRows(
  database: Database,
  owner: Owner,
  { seed, chunks, dead, snapshots, versions }: RowsOrder,
): Promise<FilledRows> {
  const sample = sampleChunkSets(
    largeHousehold({ seed, chunks: chunks - dead, snapshots, versions }),
  );
  const alive = sample.weights.length;
  const weights = new Uint32Array(chunks);
  weights.set(sample.weights);
  weights.set(sample.weights.subarray(0, chunks - alive), alive);
  const packs = [
    ...packsOf(sample.weights),
    ...packsOf(weights.subarray(alive)).map(({ first, end, bytes }) => ({
      ...{ first: first + alive, end: end + alive, bytes },
    })),
  ];
  await fillHousehold(database, owner, sample);
  await fillWeights(database, owner, weights, packs);
  await fillPacks(database, owner, packs, alive);
  return { packs: packs.length, dead: chunks - alive };
}
