import { playInterleaving } from '../interleavings/interleaving.js';
import { openWorld } from '../interleavings/world.js';

export interface InterleavingsOrder {
  readonly count: number;
  /** Of the first; each has the next. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

const TOLD_EVERY = 500;

/** Plays interleavings, tells the seeds of those that went wrong. @returns whether none did */
export async function playInterleavings({
  count,
  seed,
  signal,
}: InterleavingsOrder): Promise<boolean> {
  if (count === 0) return true;
  await using world = await openWorld();
  const sums = { committed: 0, killed: 0, wrong: 0 };
  for (let n = 1; n <= count; n += 1) {
    signal.throwIfAborted();
    const at = seed + n - 1;
    const { committed, killed, faults } = await playInterleaving(world, at);
    sums.committed += committed;
    sums.killed += killed;
    if (faults.length > 0) {
      sums.wrong += 1;
      console.log(`interleaving ${at} is WRONG (--runs 0 --interleavings 1 --seed ${at}):`);
      for (const fault of faults) console.log(`       ${fault}`);
    }
    if (n % TOLD_EVERY === 0 || n === count) {
      console.log(
        `${n} interleavings: ${sums.committed} snapshots committed, ${sums.killed} processes killed, ${sums.wrong} wrong`,
      );
    }
  }
  return sums.wrong === 0;
}
