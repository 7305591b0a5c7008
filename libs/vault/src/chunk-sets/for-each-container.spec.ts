import { describe, expect, it } from '@jest/globals';
import { isArchiveError } from '@rootcellar/model';
import fc from 'fast-check';
import { anyAlteredSet, anyOrdinals, serializeOrdinals } from '../testing/any-chunk-set.js';
import { checkChunkSet } from './for-each-container.js';
import { forEachRun } from '../testing/for-each-run.js';

const DAMAGED = expect.objectContaining({ code: 'CHUNK_SET_DAMAGED' });
const END = 2 ** 32;

type Run = [first: number, end: number];

function runsOf(set: Uint8Array): Run[] {
  const runs: Run[] = [];
  forEachRun(set, (first, end) => runs.push([first, end]));
  return runs;
}

/** The same, ordinal by ordinal. */
function runsByReference(ordinals: Iterable<number>): Run[] {
  const runs: Run[] = [];
  for (const ordinal of ordinals) {
    const last = runs.at(-1);
    if (last?.[1] === ordinal) last[1]++;
    else runs.push([ordinal, ordinal + 1]);
  }
  return runs;
}

/** Ordinals [first, end). */
function between(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, at) => first + at);
}

describe('the runs of a chunk set', () => {
  it('are those of its ordinals, whatever containers it has', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyOrdinals(300_000), anyOrdinals(END)),
        fc.boolean(),
        (ordinals, runs) => {
          const set = serializeOrdinals(ordinals, { runs });

          expect(runsOf(set)).toEqual(runsByReference(ordinals));
          expect(checkChunkSet(set)).toBe((ordinals.at(-1) ?? -1) + 1);
        },
      ),
    );
  });

  it.each([
    ['nothing', []],
    ['a whole container', between(0, 65_536)],
    ['the very last ordinal', [END - 1]],
    ['runs over borders of containers', between(65_000, 200_000)],
    ['4096 ordinals of a container, an array', between(0, 4096).map((at) => 3 * at)],
    ['4097 ordinals of a container, a bitmap', between(0, 4097).map((at) => 3 * at)],
    ['every second ordinal', between(0, 32_768).map((at) => 2 * at)],
    [
      'words of only ones between others',
      [1, ...between(31, 9000), 9002, ...between(65_500, 65_536)],
    ],
    [
      'four containers with runs, which have offsets',
      between(0, 4).flatMap((at) => between(at * 65_536, at * 65_536 + 99)),
    ],
  ])('are found for %s', (_, ordinals) => {
    const expected = runsByReference(ordinals);

    expect(runsOf(serializeOrdinals(ordinals, { runs: true }))).toEqual(expected);
    expect(runsOf(serializeOrdinals(ordinals, { runs: false }))).toEqual(expected);
  });

  it('may be read while others are read', () => {
    const inner = serializeOrdinals([7, 9]);
    const outer = serializeOrdinals([1, 3, 5]);
    const seen: number[] = [];

    forEachRun(outer, (first) => {
      forEachRun(inner, (innerFirst) => seen.push(first * 10 + innerFirst));
    });

    expect(seen).toEqual([17, 19, 37, 39, 57, 59]);
  });

  it('may be read from bytes that lie anywhere', () => {
    const set = serializeOrdinals(between(0, 9000).map((at) => 2 * at));
    const shifted = Buffer.concat([Buffer.of(0), set]).subarray(1);

    expect(runsOf(shifted)).toEqual(runsOf(set));
  });
});

describe('a damaged chunk set', () => {
  const run = '3b30000001'; // cookie 12347, one container, which has runs
  it.each([
    ['no bytes', ''],
    ['another cookie', '3930000000000000'],
    ['more containers than there are', '3a30000001000100'],
    ['a header without its containers', '3a30000001000000'],
    ['a container that is cut off', '3a300000010000000000010010000000' + '0500'],
    ['a run container without its count', run + '00000000'],
    ['runs that are cut off', run + '00000100' + '0200' + '00000000'],
    ['bytes behind it', '3a300000010000000000000010000000' + '0500' + '00'],
    ['an offset that leads elsewhere', '3a300000010000000000000011000000' + '0500'],
    ['an array that does not ascend', '3a300000010000000000010010000000' + '05000400'],
    ['an array with a value twice', '3a300000010000000000010010000000' + '05000500'],
    ['runs that overlap', run + '00000300' + '0200' + '00000200' + '02000000'],
    ['a run that leads out of its container', run + '00000100' + '0100' + 'ffff0100'],
    ['fewer values in runs than it says', run + '00000500' + '0100' + '00000400'],
    ['no run at all', run + '00000000' + '0000'],
    ['fewer bits than it says', '3a3000000100000000000020' + '10000000' + '01'.repeat(8192)],
    [
      'containers that do not ascend',
      '3a30000002000000' + '01000000' + '01000000' + '18000000' + '1a000000' + '0500' + '0600',
    ],
  ])('is told: %s', (_, hex) => {
    expect(() => checkChunkSet(Buffer.from(hex, 'hex'))).toThrow(DAMAGED);
  });

  it('reads runs that touch as one', () => {
    const touching = Buffer.from(run + '00000300' + '0200' + '00000100' + '02000100', 'hex');

    expect(runsOf(touching)).toEqual([[0, 4]]);
  });

  it('never does anything but be told', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc
        .tuple(
          fc.constantFrom('3a300000', '3b300000', '3b300300'),
          fc.uint8Array({ maxLength: 100 }),
        )
        .map(([cookie, rest]) => Buffer.concat([Buffer.from(cookie, 'hex'), rest])),
      anyAlteredSet(),
    );

    fc.assert(
      fc.property(anyBytes, (bytes) => {
        let before = -1;
        try {
          forEachRun(bytes, (first, end) => {
            expect(first).toBeGreaterThan(before);
            expect(end).toBeGreaterThan(first);
            before = end;
          });
          expect(before).toBeLessThanOrEqual(END);
        } catch (error) {
          if (!isArchiveError(error, 'CHUNK_SET_DAMAGED')) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('cut off anywhere is told', () => {
    fc.assert(
      fc.property(anyOrdinals(300_000), fc.boolean(), fc.nat(), (ordinals, runs, cut) => {
        const set = serializeOrdinals(ordinals, { runs });

        expect(() => checkChunkSet(set.subarray(0, cut % set.length))).toThrow(DAMAGED);
      }),
    );
  });
});
