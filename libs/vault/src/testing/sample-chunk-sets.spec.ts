import { describe, expect, it } from '@jest/globals';
import { checkChunkSet } from '../chunk-sets/for-each-container.js';
import { forEachRun } from './for-each-run.js';
import { sampleChunkSets } from './sample-chunk-sets.js';

const HOUSEHOLD = {
  seed: 5,
  snapshots: 40,
  chunksPerSnapshot: 10_000,
  versions: 100,
  chunksPerVersion: 50,
  total: 40_000,
  devices: 4,
  apps: 7,
};

function sizeOf(set: Uint8Array): number {
  let size = 0;
  forEachRun(set, (first, end) => (size += end - first));
  return size;
}

describe('sample chunk sets', () => {
  it('are as many and as large as was asked for', () => {
    const { devices, apps, weights } = sampleChunkSets(HOUSEHOLD);

    expect(devices.map((history) => history.length)).toEqual([10, 10, 10, 10]);
    expect(apps).toHaveLength(7);
    expect(apps.flat()).toHaveLength(100);
    expect(new Set(devices.flat().map(sizeOf))).toEqual(new Set([10_000]));
    expect(new Set(apps.flat().map(sizeOf))).toEqual(new Set([50]));
    expect(weights.length).toBeGreaterThan(35_000);
    expect(weights.length).toBeLessThanOrEqual(40_000);
    expect(Math.max(...[...devices, ...apps].flat().map(checkChunkSet))).toBe(weights.length);
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(28);
  });

  it('are the same for the same seed, and others for another', () => {
    const one = sampleChunkSets(HOUSEHOLD);

    expect(sampleChunkSets(HOUSEHOLD)).toEqual(one);
    expect(sampleChunkSets({ ...HOUSEHOLD, seed: 6 })).not.toEqual(one);
  });
});
