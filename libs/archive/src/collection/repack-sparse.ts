import { isArchiveError, newId } from '@rootcellar/model';
import type { HouseholdId, PackId, RootId } from '@rootcellar/model';
import { PACK_MAX_BYTES } from '@rootcellar/vault';
import type { ChunkCounts, ChunkWeights } from '@rootcellar/vault';
import type { CollectionCatalog, LivePack, PackChunk } from '../ports/collection-catalog.js';
import type { CollectParts } from './collect-garbage.js';
import { giveWay } from './give-way.js';
import type { Pace } from './pace.js';

/** All roots there were at the beginning, and what they need. */
interface Seen {
  readonly roots: ReadonlySet<RootId>;
  readonly counts: ChunkCounts;
  readonly weights: ChunkWeights;
}

export interface RepackOptions {
  /** Packs of which less than this part is needed, from 0 to 1. */
  readonly below: number;
  /** While it waits for uploads: tells that it goes on, or throws to end it. */
  readonly step: () => Promise<void>;
  readonly pace: Pace | undefined;
}

interface Sparse {
  readonly pack: LivePack;
  /** Sealed bytes of what is needed in it. */
  readonly needed: number;
}

/** Sources are gathered until a new pack has this many bytes of chunks … */
const WORTH_WRITING_BYTES = 32 * 1024 * 1024;
/** … and never more: the rest of the largest pack is left for its index. */
const MOST_BYTES = PACK_MAX_BYTES - 8 * 1024 * 1024;
const PACKS_A_QUERY = 8;

/**
 * Writes packs anew of which too little is needed. What is needed is counted once, at the beginning; a root that came since
 * is noticed at the commit, and its packs are left as they are. Looking for them waits for uploads too, and goes slowly beside them.
 */
export async function* repackSparse(
  parts: CollectParts,
  householdId: HouseholdId,
  { below, step, pace }: RepackOptions,
): AsyncGenerator<{ readonly packs: number; readonly bytes: number; readonly skipped: number }> {
  if (below <= 0) return;
  await giveWay(parts.collection, parts.patienceSeconds, step);
  const space = await parts.spaces.open(householdId);
  const seen: Seen = {
    roots: new Set(space.inventory.roots.map(({ id }) => id)),
    counts: await space.count(space.inventory.roots),
    weights: space.weights,
  };
  const write = async (group: readonly Sparse[]): ReturnType<typeof repack> => {
    await giveWay(parts.collection, parts.patienceSeconds, step);
    const written = await repack(parts, householdId, seen, group);
    pace?.begin();
    return written;
  };
  pace?.begin();
  const groups: Record<1 | 2, Sparse[]> = { 1: [], 2: [] };
  for await (const sparse of sparsePacks(parts.collection, householdId, { ...seen, below, pace })) {
    const { type } = sparse.pack;
    const group = groups[type];
    const bytes = group.reduce((sum, { needed }) => sum + needed, 0);
    if (bytes >= WORTH_WRITING_BYTES || bytes + sparse.needed > MOST_BYTES) {
      groups[type] = [sparse];
      yield await write(group);
    } else group.push(sparse);
  }
  for (const group of Object.values(groups)) if (group.length > 0) yield await write(group);
}

/** Packs in use that have too much in them that nobody needs. Whole ones nobody needs are condemned, not written anew. */
async function* sparsePacks(
  collection: CollectionCatalog,
  householdId: HouseholdId,
  { counts, weights, below, pace }: Seen & Omit<RepackOptions, 'step'>,
): AsyncGenerator<Sparse> {
  let after: PackId | undefined;
  for (;;) {
    const page = await collection.livePacks(householdId, after, PACKS_A_QUERY);
    for (const pack of page) {
      let needed = 0;
      for (const ordinal of pack.ordinals)
        if (counts.isNeeded(ordinal)) needed += weights.values[ordinal] ?? 0;
      if (needed > 0 && needed < pack.payload && needed < pack.payload * below)
        yield { pack, needed };
    }
    await pace?.rest();
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}

async function repack(
  { collection, vaults, clock }: CollectParts,
  householdId: HouseholdId,
  { roots, counts }: Seen,
  group: readonly Sparse[],
): Promise<{ readonly packs: number; readonly bytes: number; readonly skipped: number }> {
  const ids = group.map(({ pack }) => pack.id);
  const [users, chunks] = [
    await collection.rootsOf(ids),
    await collection.chunksOf(householdId, ids),
  ];
  const sources = group
    .filter(({ pack }) => [...(users.get(pack.id) ?? [])].every((root) => roots.has(root)))
    .map(({ pack }) => ({ ...pack, roots, chunks: neededOf(chunks.get(pack.id) ?? []) }))
    .filter((source) => source.chunks.length > 0);
  const [first] = sources;
  if (first === undefined) return { packs: 0, bytes: 0, skipped: group.length };
  const target = { packId: newId<PackId>(clock), type: first.type };
  await collection.beginRepack(householdId, target);
  try {
    const vault = await vaults.open(householdId);
    const written = await vault.copyChunks(target, sources);
    if (await collection.commitRepack(householdId, written, sources)) {
      const bytes = written.entries.reduce((sum, { sealedLength }) => sum + sealedLength, 0);
      return { packs: sources.length, bytes, skipped: group.length - sources.length };
    }
    await collection.abandonPack(target.packId);
    return { packs: 0, bytes: 0, skipped: group.length };
  } catch (error) {
    await collection.abandonPack(target.packId).catch(() => undefined);
    // A scrub tells of damage; here nothing is lost by leaving the packs as they are.
    if (!isArchiveError(error, 'PACK_DAMAGED', 'OBJECT_NOT_FOUND')) throw error;
    return { packs: 0, bytes: 0, skipped: group.length };
  }

  function neededOf(all: readonly PackChunk[]): PackChunk[] {
    return all.filter(({ ordinal }) => counts.isNeeded(ordinal));
  }
}
