import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryVersions } from '../testing/arbitrary-input.js';
import { version } from '../testing/sample-items.js';
import { groupVersions } from './app-version.js';
import { newestVersionFirst } from './newest-first.js';

const order = (items: Parameters<typeof groupVersions>[0]): string[] =>
  newestVersionFirst(groupVersions(items)).map(({ id }) => id);

describe('newestVersionFirst', () => {
  it('believes the store’s numbers more than what is shown', () => {
    const items = [
      version('2.0', { id: 'a', externalVersionId: '9' }),
      version('1.0', { id: 'b', externalVersionId: '10' }),
    ];

    expect(order(items)).toEqual(['b', 'a']);
  });

  it('goes by version, then build, then date, then id without them', () => {
    const later = new Date('2026-06-01');
    const items = [
      version('1.9', { id: 'a' }),
      version('1.10', { id: 'b', build: '9' }),
      version('1.10', { id: 'c', build: '10' }),
      version('1.10', { id: 'd', build: '10', addedAt: later }),
      version('1.10', { id: 'e', build: '10', addedAt: later }),
    ];

    expect(order(items)).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('merges those without a number in by version', () => {
    const items = [
      version('1.0', { externalVersionId: '10' }),
      version('1.5'),
      version('2.0', { externalVersionId: '20' }),
      version('2.5'),
    ];

    expect(order(items)).toEqual(['2.5', '2.0', '1.5', '1.0']);
  });

  it('does not depend on the order of the files', () => {
    const shuffled = arbitraryVersions.chain((items) =>
      fc.tuple(
        fc.constant(items),
        fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([items, others]) => {
        expect(order(others)).toEqual(order(items));
      }),
      { numRuns: 500 },
    );
  });
});
