import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { NamedVersion } from '../ports/rollback-catalog.js';
import { compareNamed, isOlder, isSame, nameOfVersion } from './version-order.js';

const named = (version?: string, build?: string, externalVersionId?: string): NamedVersion => ({
  ...{ version, build, externalVersionId },
});

describe('which version came first', () => {
  it.each([
    ['the number of the store', named('2.0', '1', '900'), named('1.0', '1', '1000'), -1],
    ['the version shown', named('0.19.2'), named('0.20.4'), -1],
    ['the build of equal versions', named('1.0', '7'), named('1.0', '10'), -1],
    ['the build where no version is told', named(undefined, '7'), named('3', '10'), -1],
    [
      'the versions under one number of the store',
      named('0.19.2', '1', '86'),
      named('0.20.4', '1', '86'),
      -1,
    ],
    ['nothing', named('1.0', '7'), named('1.0'), 0],
  ])('is decided by %s', (_, a, b, order) => {
    expect(Math.sign(compareNamed(a, b) ?? Number.NaN)).toBe(order);
    expect(isSame(a, b)).toBe(order === 0);
  });

  it('is unknown where nothing can be compared, and then neither is older', () => {
    const [a, b] = [named('1.0'), named(undefined, '12')];

    expect([compareNamed(a, b), isOlder(a, b), isOlder(b, a), isSame(a, b)]).toEqual([
      ...[undefined, false, false, false],
    ]);
  });

  it('is the other way round when they change places', () => {
    const part = fc.option(fc.constantFrom('1', '2', '1.10', '1.9', '2b'), { nil: undefined });
    const number = fc.option(fc.constantFrom('5', '50', '0050'), { nil: undefined });
    const any = fc.tuple(part, part, number).map((all) => named(...all));

    fc.assert(
      fc.property(any, any, (a, b) => {
        const [one, other] = [compareNamed(a, b), compareNamed(b, a)];
        expect(one === undefined).toBe(other === undefined);
        expect(Math.sign(one ?? 0) + Math.sign(other ?? 0)).toBe(0);
      }),
    );
  });
});

it('a version is called by what is known of it', () => {
  expect(
    [named('3.2', '412'), named('3.2', '3.2'), named(undefined, '412'), named()].map(nameOfVersion),
  ).toEqual([...['3.2 (412)', '3.2', '412', 'of an unknown version']]);
});
