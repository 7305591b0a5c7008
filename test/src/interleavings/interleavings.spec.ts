import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { playInterleaving } from './interleaving.js';
import { openWorld } from './world.js';
import type { World } from './world.js';

jest.setTimeout(300_000);

const INTERLEAVINGS = 200;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => world[Symbol.asyncDispose]());

describe('uploads, the bin and collection, in any order, with processes killed anywhere', () => {
  it('never lose a chunk that a snapshot needs, and leave none that nothing needs', async () => {
    const wrong: { seed: number; faults: readonly string[] }[] = [];
    let [committed, killed] = [0, 0];
    for (let seed = 1; seed <= INTERLEAVINGS; seed += 1) {
      const outcome = await playInterleaving(world, seed);
      committed += outcome.committed;
      killed += outcome.killed;
      if (outcome.faults.length > 0) wrong.push({ seed, faults: outcome.faults });
    }

    expect(wrong).toEqual([]);
    // Interleavings in which nothing happens prove nothing.
    expect(committed).toBeGreaterThan(INTERLEAVINGS);
    expect(killed).toBeGreaterThan(INTERLEAVINGS);
  });
});
