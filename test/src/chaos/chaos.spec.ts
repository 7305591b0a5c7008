import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeTemporaryFolder } from '@rootcellar/testkit';
import type { TemporaryFolder } from '@rootcellar/testkit';
import { runChaos } from './chaos.js';

let room: TemporaryFolder;
beforeEach(async () => {
  room = await makeTemporaryFolder('rootcellar-chaos');
});
afterEach(async () => room.remove());

describe('runChaos', () => {
  it('loses nothing when processes are killed in the middle of pushes', async () => {
    const { signal } = new AbortController();
    const quiet = { onRun: () => undefined, signal };
    const order = { room: room.path, runs: 2, seed: 5, sizeMib: 4, ...quiet };

    const reports = await runChaos(order);

    expect(reports.flatMap(({ faults }) => faults)).toEqual([]);
    expect(reports.at(-1)).toMatchObject({ deed: 'tidying', snapshots: expect.any(Number) });
    expect(reports.at(-1)?.snapshots).toBeGreaterThanOrEqual(2);
  }, 180_000);
});
