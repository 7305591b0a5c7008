import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { FASTCDC_SOURCE_SHA256 } from '../generated/fastcdc-wasm.js';
import { CHUNK_SIZES } from '../kinds/classify-file.js';
import { cutByReference } from '../testing/cut-by-reference.js';
import { noise, split } from '../testing/sample-bytes.js';
import type { ChunkSizes } from './chunk-sizes.js';
import { createCutter } from './cutter.js';
import { gearTable } from './gear-table.js';

const SEED = new Uint8Array(32).fill(9);
const GEAR = gearTable(SEED);
const SMALL: ChunkSizes = { least: 64, target: 256, most: 1024 };

const anySizes = fc
  .tuple(fc.integer({ min: 64, max: 400 }), fc.nat(600), fc.nat(2000))
  .map(([least, more, most]) => ({ least, target: least + more, most: least + more + most }));

/** Noise, zeros and repetitions, so that long runs without a cut occur too. */
const anyBytes = fc
  .array(
    fc.record({ length: fc.nat(3000), seed: fc.nat(255), style: fc.constantFrom('noise', 'same') }),
    { maxLength: 5 },
  )
  .map((runs) =>
    Buffer.concat(
      runs.map(({ length, seed, style }) =>
        style === 'noise' ? noise(length, seed) : Buffer.alloc(length, seed),
      ),
    ),
  );

/** One file through a cutter, handed in as the given pieces. */
function cutInPieces(pieces: readonly Uint8Array[], sizes: ChunkSizes): number[] {
  const cutter = createCutter(SEED, 65536);
  const lengths: number[] = [];
  let filled = 0;
  const advance = (final: boolean): void => {
    const found = cutter.cut(0, filled, sizes, final);
    const end = found.reduce((sum, length) => sum + length, 0);
    cutter.buffer.copyWithin(0, end, filled);
    filled -= end;
    lengths.push(...found);
  };
  for (const piece of pieces) {
    cutter.buffer.set(piece, filled);
    filled += piece.length;
    advance(false);
  }
  advance(true);
  return lengths;
}

describe('createCutter', () => {
  it('cuts where the plain reading of the paper cuts', () => {
    const cutter = createCutter(SEED, 65536);

    fc.assert(
      fc.property(anyBytes, anySizes, fc.nat(100), (bytes, sizes, start) => {
        cutter.buffer.set(bytes, start);

        const lengths = cutter.cut(start, bytes.length, sizes, true);

        expect(lengths).toEqual(cutByReference(bytes, GEAR, sizes));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['incompressible', 2048],
    ['other', 512],
  ] as const)('cuts so with the real sizes: %s', (kind, kib) => {
    const bytes = noise(kib * 1024);
    const cutter = createCutter(SEED);
    cutter.buffer.set(bytes);

    const lengths = cutter.cut(0, bytes.length, CHUNK_SIZES[kind], true);

    expect(lengths.length).toBeGreaterThan(1);
    expect(lengths).toEqual(cutByReference(bytes, GEAR, CHUNK_SIZES[kind]));
  });

  it('cuts in the same places however the bytes come in', () => {
    fc.assert(
      fc.property(anyBytes, anySizes, fc.array(fc.nat(2500)), (bytes, sizes, pieces) => {
        const lengths = cutInPieces(split(bytes, pieces), sizes);

        expect(lengths).toEqual(cutByReference(bytes, GEAR, sizes));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps chunks near their target and inside of their bounds', () => {
    const cutter = createCutter(SEED);
    cutter.buffer.set(noise(cutter.buffer.length));
    const sizes = CHUNK_SIZES.other;

    const lengths = cutter.cut(0, cutter.buffer.length, sizes, false);

    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(Math.min(...lengths)).toBeGreaterThan(sizes.least);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(sizes.most);
    expect(mean / sizes.target).toBeGreaterThan(0.9);
    expect(mean / sizes.target).toBeLessThan(1.4);
  });

  it('finds its old cuts again behind inserted bytes', () => {
    const before = noise(512 * 1024);
    const after = Buffer.concat([
      before.subarray(0, 1000),
      Buffer.from('new'),
      before.subarray(1000),
    ]);

    const [old, fresh] = [before, after].map((bytes) => {
      const cutter = createCutter(SEED, 1024 * 1024);
      cutter.buffer.set(bytes);
      const lengths = cutter.cut(0, bytes.length, SMALL, true);
      return split(bytes, lengths).map((chunk) => createHash('sha1').update(chunk).digest('hex'));
    });

    const known = new Set(old);
    const again = fresh?.filter((chunk) => known.has(chunk)).length ?? 0;
    expect(again / known.size).toBeGreaterThan(0.99);
  });

  it('cuts elsewhere under another seed', () => {
    const bytes = noise(65536);
    const other = createCutter(new Uint8Array(32).fill(8), 65536);
    other.buffer.set(bytes);

    expect(other.cut(0, bytes.length, SMALL, true)).not.toEqual(cutInPieces([bytes], SMALL));
  });

  it('makes one chunk of a small file', () => {
    const cutter = createCutter(SEED, 128 * 1024);

    expect(cutter.cut(0, 128 * 1024, CHUNK_SIZES.single, true)).toEqual([128 * 1024]);
    expect(cutter.cut(0, 1, CHUNK_SIZES.single, true)).toEqual([1]);
    expect(cutter.cut(0, 0, CHUNK_SIZES.single, true)).toEqual([]);
  });

  it.each([
    ['a least size below what the hash looks back', { least: 63, target: 256, most: 1024 }],
    ['sizes out of order', { least: 512, target: 256, most: 1024 }],
    ['a fraction', { least: 64, target: 256.5, most: 1024 }],
    ['more than a chunk may hold', { least: 64, target: 256, most: 4 * 1024 * 1024 + 1 }],
    ['more than the buffer holds', { least: 64, target: 256, most: 65537 }],
  ])('takes no sizes with %s', (_, sizes) => {
    const cutter = createCutter(SEED, 65536);

    expect(() => cutter.cut(0, 1000, sizes, true)).toThrow(RangeError);
  });

  it('looks at nothing outside of its buffer', () => {
    const cutter = createCutter(SEED, 65536);

    expect(() => cutter.cut(1, 65536, SMALL, true)).toThrow(RangeError);
    expect(() => cutter.cut(-1, 100, SMALL, true)).toThrow(RangeError);
  });

  it('cuts alike in a worker thread', async () => {
    const module = new URL('./cutter.js', import.meta.url).href;
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       import(workerData.module).then(({ createCutter }) => {
         const cutter = createCutter(workerData.seed, 65536);
         cutter.buffer.set(workerData.bytes);
         parentPort.postMessage(cutter.cut(0, 65536, workerData.sizes, true));
       });`,
      { eval: true, workerData: { module, seed: SEED, bytes: noise(65536), sizes: SMALL } },
    );

    const lengths = await new Promise((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
    });
    await worker.terminate();

    expect(lengths).toEqual(cutByReference(noise(65536), GEAR, SMALL));
  });

  it('was compiled from the source beside it', () => {
    const source = readFileSync(new URL('../../assembly/fastcdc.ts', import.meta.url));

    expect(createHash('sha256').update(source).digest('hex')).toBe(FASTCDC_SOURCE_SHA256);
  });
});
