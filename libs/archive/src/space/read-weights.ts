import type { HouseholdId } from '@rootcellar/model';
import type { ChunkWeights } from '@rootcellar/vault';
import type { SpaceCatalog } from '../ports/space-catalog.js';

/** Appends the weights that were given out since the last time; an ordinal's never changes. */
export async function readWeights(
  space: Pick<SpaceCatalog, 'weights'>,
  householdId: HouseholdId,
  weights: ChunkWeights,
): Promise<void> {
  for (const run of await space.weights(householdId, weights.size)) {
    const skip = Math.max(0, weights.size - run.first);
    if (skip < run.weights.length) weights.append(run.first + skip, run.weights.subarray(skip));
  }
}
