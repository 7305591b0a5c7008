import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { oldestVersionFirst } from './oldest-first.js';
import type { KnownVersion } from './oldest-first.js';

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
const store = (externalVersionId: string, more: Partial<KnownVersion> = {}): KnownVersion => ({
  identity: `store:${externalVersionId}`,
  externalVersionId,
  ...more,
});
const shown = (version: string, more: Partial<KnownVersion> = {}): KnownVersion => ({
  identity: `version:${version}|${more.build ?? ''}`,
  version,
  ...more,
});
const order = (versions: readonly KnownVersion[], list: readonly string[] = []): string[] =>
  oldestVersionFirst(versions, list).map(({ identity }) => identity);

const SOON = fc.constantFrom(undefined, day('2024-01-01'), day('2024-02-01'), day('2025-01-01'));
const anyVersion = fc.record({
  version: fc.constantFrom(undefined, '1.0', '1.1a', '1.2', '1.10', '2'),
  build: fc.constantFrom(undefined, '1', '1718000000'),
  externalVersionId: fc.constantFrom(undefined, '10', '20', '30', '100', 'odd'),
  releasedAt: SOON,
  purchasedAt: SOON,
});
const anyVersions = fc
  .array(anyVersion, { maxLength: 12 })
  .map((all) => all.map((it, at) => ({ ...it, identity: String(at) })));
const anyList = fc.shuffledSubarray(['10', '20', '30', '100']);

describe('the order of an app’s versions', () => {
  it('is the store’s, also where what is shown goes down', () => {
    const versions = [
      store('30', { version: '1.0' }),
      store('10', { version: '9.0' }),
      store('20'),
    ];

    expect(order(versions, ['10', '30', '20'])).toEqual(['store:10', 'store:30', 'store:20']);
  });

  it('puts what fell out of the list by its number', () => {
    expect(order([store('25'), store('5'), store('30'), store('20')], ['20', '30'])).toEqual([
      ...['store:5', 'store:20', 'store:25', 'store:30'],
    ]);
  });

  it('is that of the dates where the store says nothing', () => {
    const versions = [
      shown('3.0', { releasedAt: day('2020-01-01') }),
      shown('1.0', { purchasedAt: day('2021-01-01') }),
    ];

    expect(order(versions)).toEqual(['version:3.0|', 'version:1.0|']);
  });

  it('is that of the versions when all have the first one’s date', () => {
    const releasedAt = day('2015-01-01');
    const versions = ['1.10', '1.2', '1.1a', '1.1'].map((it) => shown(it, { releasedAt }));

    expect(order(versions)).toEqual([
      'version:1.1|',
      'version:1.1a|',
      'version:1.2|',
      'version:1.10|',
    ]);
  });

  it('looks at the build of what shows the same version', () => {
    const versions = ['1718000000', '1690000000', '99'].map((build) => shown('1.0', { build }));

    expect(order(versions).map((identity) => identity.split('|')[1])).toEqual([
      ...['99', '1690000000', '1718000000'],
    ]);
  });

  it('merges what has no number into what has', () => {
    const versions = [
      store('10', { version: '1.0' }),
      store('30', { version: '3.0' }),
      shown('2.0'),
    ];

    expect(order(versions)).toEqual(['store:10', 'version:2.0|', 'store:30']);
  });

  it('neither loses nor invents any, and does not depend on how they come', () => {
    fc.assert(
      fc.property(anyVersions, anyList, fc.nat(), (versions, list, turn) => {
        const at = versions.length === 0 ? 0 : turn % versions.length;
        const turned = [...versions.slice(at), ...versions.slice(0, at)].reverse();

        const sorted = order(versions, list);

        expect(sorted.toSorted()).toEqual(versions.map(({ identity }) => identity).toSorted());
        expect(order(turned, list)).toEqual(sorted);
      }),
      { numRuns: 1000 },
    );
  });

  it('never goes against the store’s list', () => {
    fc.assert(
      fc.property(anyVersions, anyList, (versions, list) => {
        const places = oldestVersionFirst(versions, list)
          .map(({ externalVersionId }) => list.indexOf(externalVersionId ?? ''))
          .filter((place) => place >= 0);

        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
      { numRuns: 1000 },
    );
  });
});
