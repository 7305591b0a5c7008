import { ChunkWeights, unionBytes, unionChunkSets } from '@rootcellar/vault';
import { sampleChunkSets } from '@rootcellar/vault/testing/samples';
import { largeHousehold } from '../household/large-household.js';
import type { BenchRun } from './bench-run.js';

const ROOTS = 1000;

/** The union of very many chunk sets, as a set and in bytes; the slower of the two. What is read was never read before. */
export function runUnion(
  { seed, chunks }: { readonly seed: number; readonly chunks: number },
  { figures, note }: BenchRun,
): void {
  const household = largeHousehold({ seed, chunks, snapshots: ROOTS, versions: 0 });
  const sample = sampleChunkSets(household);
  const sets = sample.devices.flat();
  const weights = new ChunkWeights();
  weights.append(0, sample.weights);
  const asSet = secondsOf(() => unionChunkSets(sets));
  const inBytes = secondsOf(() => unionBytes(sets, weights));
  note(
    `Union of ${ROOTS} roots of ${household.chunksPerSnapshot} chunks: ` +
      `${asSet.toFixed(3)} s as a set, ${inBytes.toFixed(3)} s in bytes.`,
  );
  figures.record('union-seconds', 'ours', Math.max(asSet, inBytes));
}

function secondsOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}
