import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutByReference } from '../testing/cut-by-reference.js';
import { collect, noise } from '../testing/sample-bytes.js';
import { cutStream } from './cut-stream.js';
import { createCutter } from './cutter.js';
import { gearTable } from './gear-table.js';

const SEED = new Uint8Array(32).fill(3);
const SIZES = { least: 64, target: 256, most: 1024 };

describe('cutStream', () => {
  it('gives every byte once, cut as if all had been there at once', async () => {
    const cutter = createCutter(SEED, 4096);

    await fc.assert(
      fc.asyncProperty(fc.nat(30_000), fc.integer({ min: 1, max: 5000 }), async (length, step) => {
        const bytes = noise(length);
        let at = 0;
        const read = (into: Uint8Array): number => {
          const piece = bytes.subarray(at, at + Math.min(step, into.length));
          into.set(piece);
          at += piece.length;
          return piece.length;
        };

        const chunks: Buffer[] = [];
        for await (const batch of cutStream(cutter, SIZES, read)) {
          chunks.push(...batch.map((chunk) => Buffer.from(chunk)));
        }

        expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
        expect(chunks.map((chunk) => chunk.length)).toEqual(
          cutByReference(bytes, gearTable(SEED), SIZES),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('gives nothing for an empty file', async () => {
    const cutter = createCutter(SEED, 4096);

    const batches = await collect(cutStream(cutter, SIZES, () => 0));

    expect(batches).toEqual([]);
  });
});
