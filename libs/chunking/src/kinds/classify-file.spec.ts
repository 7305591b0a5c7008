import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noise, prose } from '../testing/sample-bytes.js';
import { classifyFile, probeRanges } from './classify-file.js';

const KIB = 1024;

describe('probeRanges', () => {
  it('asks for four samples of 4 KiB that lie inside of the file and apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 128 * KIB + 1, max: Number.MAX_SAFE_INTEGER }), (size) => {
        const ranges = probeRanges(size);

        expect(ranges.map(({ length }) => length)).toEqual([4096, 4096, 4096, 4096]);
        let end = 0;
        for (const { offset, length } of ranges) {
          expect(offset).toBeGreaterThanOrEqual(end);
          end = offset + length;
        }
        expect(end).toBeLessThanOrEqual(size);
      }),
    );
  });

  it('looks into the middle of each quarter', () => {
    expect(probeRanges(1024 * KIB).map(({ offset }) => offset)).toEqual(
      [128, 384, 640, 896].map((kib) => kib * KIB),
    );
  });

  it('asks for nothing where a file is one chunk', () => {
    expect(probeRanges(128 * KIB)).toEqual([]);
  });
});

describe('classifyFile', () => {
  it('makes one chunk of up to 128 KiB, whatever is inside', () => {
    expect(classifyFile({ size: 0, probe: new Uint8Array(0) })).toBe('single');
    expect(classifyFile({ size: 128 * KIB, probe: noise(16 * KIB) })).toBe('single');
  });

  it('knows bytes that do not compress', () => {
    expect(classifyFile({ size: 128 * KIB + 1, probe: noise(16 * KIB) })).toBe('incompressible');
  });

  it.each([
    ['text', prose(16 * KIB)],
    ['a quarter of text', Buffer.concat([noise(12 * KIB), prose(4 * KIB)])],
  ])('compresses what holds %s', (_, probe) => {
    expect(classifyFile({ size: 200 * KIB, probe })).toBe('other');
  });
});
