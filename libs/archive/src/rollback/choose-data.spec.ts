import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MemberId, SnapshotId } from '@rootcellar/model';
import type { NamedVersion, SeenSnapshot } from '../ports/rollback-catalog.js';
import { chooseData } from './choose-data.js';

const version = (text: string): NamedVersion => ({
  ...{ version: text, build: undefined, externalVersionId: undefined },
});

function seen(day: number, installed: string | undefined, encrypted = false): SeenSnapshot {
  return {
    ...{ id: `of-day-${String(day)}` as SnapshotId, ownerId: 'ada' as MemberId },
    ...{ takenAt: new Date(day * 86_400_000), encrypted, complete: true, productVersion: '17.5' },
    ...{ lent: false, partly: false },
    app:
      installed === undefined
        ? undefined
        : { ...version(installed), name: undefined, offloaded: false },
  };
}

describe('the data that goes with a version', () => {
  it('is of the newest backup made while it or an older one was installed', () => {
    const all = [
      seen(5, '4.0'),
      seen(4, undefined),
      seen(3, '3.2'),
      seen(2, '3.2'),
      seen(1, '3.0'),
    ];

    expect(chooseData(all, version('3.2')).data?.id).toBe('of-day-3');
    expect(chooseData(all, version('3.1')).data?.id).toBe('of-day-1');
    expect(chooseData(all, version('2.0'))).toEqual({ data: undefined, locked: undefined });
  });

  it('is not of an encrypted one, but that there is a newer such is told', () => {
    const all = [seen(4, '4.0', true), seen(3, '3.2', true), seen(2, '3.2'), seen(1, '3.2', true)];

    const { data, locked } = chooseData(all, version('3.2'));

    expect([data?.id, locked?.id]).toEqual(['of-day-2', 'of-day-3']);
    expect(chooseData([seen(1, '3.2', true)], version('3.2'))).toMatchObject({
      ...{ data: undefined, locked: { id: 'of-day-1' } },
    });
  });

  it('never is of a newer version, encrypted, or older than another that fits', () => {
    const one = fc.tuple(fc.constantFrom('1.0', '2.0', '3.0', undefined), fc.boolean());
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (days) => {
        const all = days.map(([installed, encrypted], index) =>
          seen(days.length - index, installed, encrypted),
        );
        const fits = (each: SeenSnapshot): boolean =>
          !each.encrypted && (each.app?.version === '1.0' || each.app?.version === '2.0');

        expect(chooseData(all, version('2.0')).data).toBe(all.find(fits));
      }),
    );
  });
});
