import { describe, expect, it } from '@jest/globals';
import { CODEC } from '@rootcellar/chunking';
import { newId, systemClock } from '@rootcellar/model';
import type { PackId } from '@rootcellar/model';
import fc from 'fast-check';
import type { ChunkLocation } from '../chunk-index.js';
import { CHUNK_KIND } from '../sealed-chunk.js';
import { PLAN_WASTE_MAX_BYTES, planReads } from './plan-reads.js';

const KIB = 1024;
const MIB = 1024 * KIB;
const PACKS = Array.from({ length: 3 }, () => newId<PackId>(systemClock));
const [PACK = newId<PackId>(systemClock), OTHER = PACK] = PACKS;

function at(offset: number, sealedLength: number, packId = PACK): ChunkLocation {
  return {
    id: new Uint8Array(32),
    kind: CHUNK_KIND.data,
    codec: CODEC.plain,
    plainLength: sealedLength - 28,
    packId,
    offset,
    sealedLength,
    ordinal: 0,
    packEpoch: 1,
  };
}

/** Chunks of a few packs as they lie there, without overlap, and then some of them, in any order, some twice. */
const anyLocations = fc
  .array(
    fc.record({
      packId: fc.constantFrom(...PACKS),
      gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 200 * KIB })),
      length: fc.oneof(
        fc.integer({ min: 28, max: 100 * KIB }),
        fc.integer({ min: 28, max: 4 * MIB + 28 }),
      ),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((places) => {
    const ends = new Map<PackId, number>();
    return places.map(({ packId, gap, length }) => {
      const offset = (ends.get(packId) ?? 8) + gap;
      ends.set(packId, offset + length);
      return at(offset, length, packId);
    });
  })
  .chain((all) => fc.array(fc.constantFrom(...all), { maxLength: 40 }));

describe('planReads', () => {
  it('gives every chunk a place inside of a read of its own pack', () => {
    fc.assert(
      fc.property(anyLocations, (locations) => {
        const { reads, pieces } = planReads(locations);

        expect(pieces).toHaveLength(locations.length);
        for (const [which, { packId, offset, sealedLength }] of locations.entries()) {
          const piece = pieces[which] ?? { buffer: -1, offset: 0 };
          const read = reads[piece.buffer] ?? { packId: undefined, offset: 0, length: 0 };
          expect(read.packId).toBe(packId);
          expect(read.offset + piece.offset).toBe(offset);
          expect(piece.offset + sealedLength).toBeLessThanOrEqual(read.length);
        }
      }),
    );
  });

  it('reads no more than 8 MiB at once, nothing twice, and nothing at either end that nobody asked for', () => {
    fc.assert(
      fc.property(anyLocations, (locations) => {
        const { reads, pieces } = planReads(locations);

        for (const [which, read] of reads.entries()) {
          expect(read.length).toBeLessThanOrEqual(8 * MIB);
          const inside = locations.filter((_, index) => pieces[index]?.buffer === which);
          expect(Math.min(...inside.map(({ offset }) => offset))).toBe(read.offset);
          const ends = inside.map(({ offset, sealedLength }) => offset + sealedLength);
          expect(Math.max(...ends)).toBe(read.offset + read.length);
        }
        const sorted = reads.toSorted((a, b) =>
          a.packId === b.packId ? a.offset - b.offset : a.packId < b.packId ? -1 : 1,
        );
        for (const [which, read] of sorted.entries()) {
          const next = sorted[which + 1];
          if (next?.packId !== read.packId) continue;
          expect(next.offset).toBeGreaterThanOrEqual(read.offset + read.length);
        }
      }),
    );
  });

  it('splits only where it must: at gaps of more than 64 KiB, and at 8 MiB', () => {
    fc.assert(
      fc.property(anyLocations, (locations) => {
        const { reads } = planReads(locations);

        for (const [which, read] of reads.entries()) {
          const next = reads[which + 1];
          if (next?.packId !== read.packId) continue;
          const gap = next.offset - (read.offset + read.length);
          const first = locations.find(
            ({ packId, offset }) => packId === next.packId && offset === next.offset,
          );
          const joined = next.offset + (first?.sealedLength ?? 0) - read.offset;
          expect(gap > 64 * KIB || joined > 8 * MIB).toBe(true);
        }
      }),
    );
  });

  it('reads no more for nothing, over a whole plan, than the memory for it allows', () => {
    const spread = Array.from({ length: 200 }, (_, which) => at(8 + which * 60 * KIB, 1000));

    const { reads, pieces } = planReads(spread);

    const read = reads.reduce((sum, { length }) => sum + length, 0);
    expect(read).toBeLessThanOrEqual(200 * 1000 + PLAN_WASTE_MAX_BYTES);
    expect(read).toBeGreaterThan(200 * 1000 + PLAN_WASTE_MAX_BYTES - 60 * KIB);
    expect(pieces).toHaveLength(200);
  });

  it('plans nothing for nothing', () => {
    expect(planReads([])).toEqual({ reads: [], pieces: [] });
  });

  it('reads neighbours in one go, in whatever order they are asked for', () => {
    expect(planReads([at(108, 50), at(8, 100)])).toEqual({
      reads: [{ packId: PACK, offset: 8, length: 150 }],
      pieces: [
        { buffer: 0, offset: 100 },
        { buffer: 0, offset: 0 },
      ],
    });
  });

  it('reads a chunk once that is asked for twice', () => {
    expect(planReads([at(8, 100), at(8, 100)])).toEqual({
      reads: [{ packId: PACK, offset: 8, length: 100 }],
      pieces: [
        { buffer: 0, offset: 0 },
        { buffer: 0, offset: 0 },
      ],
    });
  });

  it.each([
    [64 * KIB, 1],
    [64 * KIB + 1, 2],
  ])('with a gap of %d bytes makes reads: %d', (gap, count) => {
    expect(planReads([at(8, 100), at(108 + gap, 100)]).reads).toHaveLength(count);
  });

  it('never joins packs', () => {
    expect(planReads([at(8, 100), at(108, 100, OTHER)]).reads).toHaveLength(2);
  });
});
