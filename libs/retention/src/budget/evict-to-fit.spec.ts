import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sampleLedger } from '../testing/sample-ledger.js';
import { evictToFit } from './evict-to-fit.js';
import type { Evictable } from './evict-to-fit.js';

const item = (id: string, reasons: number, day: number): Evictable => ({
  ...{ id, reasons },
  date: new Date(Date.UTC(2026, 0, day)),
});
const ids = (items: ReadonlySet<Evictable>): string[] => [...items].map(({ id }) => id).sort();

describe('evictToFit', () => {
  it('takes what has the fewest reasons first, then the oldest', () => {
    const ledger = sampleLedger(new Map(['a', 'b', 'c', 'd'].map((id) => [id, [id]])), () => 10);
    const items = [item('a', 2, 1), item('b', 1, 3), item('c', 1, 2), item('d', 3, 1)];

    expect(ids(evictToFit(items, ledger, 20))).toEqual(['b', 'c']);
    expect(ledger.bytes).toBe(20);
  });

  it('takes nothing when all fits', () => {
    const ledger = sampleLedger(new Map([['a', ['a']]]), () => 10);

    expect(ids(evictToFit([item('a', 1, 1)], ledger, 10))).toEqual([]);
  });

  it('gives back what costs nothing or still fits', () => {
    // `a` and `b` are small, `c` is what makes room; `free` shares all it has with what stays.
    const chunks = new Map([
      ...([
        ['free', ['shared']],
        ['a', ['a']],
        ['b', ['b']],
        ['c', ['c']],
      ] as const),
      ...([['stays', ['shared', 's']]] as const),
    ]);
    const ledger = sampleLedger(chunks, (chunk) => (chunk === 'c' ? 100 : 10), ['stays']);
    const items = [item('free', 1, 1), item('a', 1, 2), item('b', 1, 3), item('c', 1, 4)];

    expect(ids(evictToFit(items, ledger, 35))).toEqual(['a', 'c']);
    expect(ledger.bytes).toBe(30);
  });

  it('looks again at what became free by what was given back', () => {
    // Newest first, `twin` does not fit and `old` does; then `twin` shares all it has with `old`.
    const chunks = new Map([
      ...([
        ['old', ['x', 'y']],
        ['twin', ['x', 'y', 'z']],
      ] as const),
      ...([['z', ['z', 'big']]] as const),
      ...([['stays', ['z']]] as const),
    ]);
    const sizes: Readonly<Record<string, number>> = { x: 10, y: 10, z: 1, big: 100 };
    const ledger = sampleLedger(chunks, (chunk) => sizes[chunk] ?? 0, ['stays']);
    const items = [item('old', 1, 1), item('twin', 1, 2), item('z', 1, 3)];

    expect(ids(evictToFit(items, ledger, 21))).toEqual(['z']);
  });

  it('fits or has taken everything, and holds back nothing that could come back', () => {
    const input = fc.record({
      items: fc.array(
        fc.record({
          chunks: fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 5 }),
          reasons: fc.integer({ min: 1, max: 3 }),
          day: fc.integer({ min: 1, max: 9 }),
          stays: fc.boolean(),
        }),
        { maxLength: 12 },
      ),
      sizes: fc.array(fc.nat({ max: 20 }), { minLength: 12, maxLength: 12 }),
      limit: fc.nat({ max: 120 }),
    });
    fc.assert(
      fc.property(input, ({ items, sizes, limit }) => {
        const chunks = new Map(items.map((it, n) => [`i${n}`, it.chunks.map(String)]));
        const stays = items.flatMap((it, n) => (it.stays ? [`i${n}`] : []));
        const bytesOf = (chunk: string): number => sizes[Number(chunk)] ?? 0;
        const before = sampleLedger(chunks, bytesOf, [...chunks.keys()]).bytes;
        const ledger = sampleLedger(chunks, bytesOf, stays);
        const candidates = items.flatMap((it, n) =>
          it.stays ? [] : [item(`i${n}`, it.reasons, it.day)],
        );
        const evicted = evictToFit(candidates, ledger, limit);

        expect(before <= limit ? evicted.size : 0).toBe(0);
        const fits = ledger.bytes <= limit;
        for (const { id } of evicted) {
          expect(ledger.cost(id, Infinity)).toBeGreaterThan(0);
          expect(ledger.bytes + ledger.cost(id, Infinity)).toBeGreaterThan(limit);
        }
        // What is left and could go frees nothing by going, alone or together.
        const left = candidates.filter((it) => !evicted.has(it));
        const after = ledger.bytes;
        for (const { id } of fits ? [] : left) ledger.drop(id);
        expect(ledger.bytes).toBe(after);
      }),
      { numRuns: 3000 },
    );
  });
});
