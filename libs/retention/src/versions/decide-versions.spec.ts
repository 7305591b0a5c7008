import { describe, expect, it } from '@jest/globals';
import type { VersionItem } from '../items.js';
import { planRetention } from '../plan-retention.js';
import type { RetentionInput } from '../plan-retention.js';
import type { VersionRules } from '../policy/household-policy.js';
import { device, NOTHING, version } from '../testing/sample-items.js';

/** Ids of what stays, with the codes of the reasons. */
function kept(
  versions: readonly VersionItem[],
  rules: VersionRules,
  more: Partial<RetentionInput> = {},
): Record<string, string> {
  const { items } = planRetention({ ...NOTHING, policy: { versions: rules }, versions, ...more });
  return Object.fromEntries(
    items
      .filter(({ keep }) => keep)
      .map(({ id, reasons }) => [id, reasons.map(({ code }) => code).join()]),
  );
}

const versions = (...shown: string[]): VersionItem[] => shown.map((it) => version(it));

describe('app versions', () => {
  it('keeps the newest n, and all files of each', () => {
    const items = [
      ...versions('1.0', '2.0'),
      version('2.0', { id: 'other file', versionId: '2.0' }),
    ];

    expect(Object.keys(kept(items, { last: 1 }))).toEqual(['2.0', 'other file']);
  });

  it('keeps the newest n of each major version', () => {
    const items = versions('1.0', '1.1', '1.2', '2.0', '3.9', '3.10');

    expect(Object.keys(kept(items, { lastPerMajor: 1 }))).toEqual(['1.2', '2.0', '3.10']);
  });

  it('keeps the newest version from before the subscription', () => {
    const items = versions('1.0', '1.9', '2.0', '2.1');
    const apps = [{ bundleId: 'app.notes', subscriptionFrom: { version: '2.0' } }];

    expect(kept(items, { beforeSubscription: true }, { apps })).toEqual({
      '1.9': 'before-subscription',
    });
    expect(kept(items, { beforeSubscription: true })).toEqual({});
  });

  it('tells before from after by the store’s number when it can', () => {
    const items = [
      version('1.0', { id: 'a', externalVersionId: '100' }),
      version('1.0', { id: 'b', externalVersionId: '200' }),
      version('0.9', { id: 'c' }),
    ];
    const apps = [{ bundleId: 'app.notes', subscriptionFrom: { externalVersionId: '200' } }];

    expect(Object.keys(kept(items, { beforeSubscription: true }, { apps }))).toEqual(['a']);
  });

  it('keeps the newest that each device can run', () => {
    const items = [
      version('1.0', { minimumOs: '9.0' }),
      version('2.0', { minimumOs: '15.0', deviceFamilies: [1] }),
      version('3.0', { minimumOs: '15.0', deviceFamilies: [2] }),
      version('4.0', { minimumOs: '26.2' }),
    ];
    const devices = [
      device('new phone'),
      device('old phone', { productVersion: '9.3.5' }),
      device('pad', { productType: 'iPad13,1' }),
      device('unknown', { productVersion: undefined }),
    ];
    const { items: decided } = planRetention({
      ...{ ...NOTHING, versions: items, devices },
      policy: { versions: { runnable: true } },
    });

    expect(decided.map(({ reasons }) => reasons.map(({ deviceId }) => deviceId))).toEqual([
      ['old phone'],
      ['new phone'],
      ['pad'],
      [],
    ]);
    expect(decided[2]?.reasons).toEqual([
      { code: 'runnable', deviceId: 'pad', deviceKind: 'iPad', from: 'household' },
    ]);
  });

  it('lets an iPad run what is made for iPhones, and not the other way round', () => {
    const devices = [device('pad', { productType: 'iPad13,1' })];
    const item = version('1.0', { deviceFamilies: [1] });

    expect(kept([item], { runnable: true }, { devices })).toEqual({ '1.0': 'runnable' });
    expect(
      kept([{ ...item, deviceFamilies: [2] }], { runnable: true }, { devices: [device('x')] }),
    ).toEqual({});
  });

  it('keeps what devices run, with or without the rule', () => {
    const items = [...versions('1.0', '2.0'), version('3.0', { externalVersionId: '30' })];
    const runs = (app: { version?: string; build?: string; externalVersionId?: string }) =>
      device('phone', {
        installed: [
          {
            ...{ bundleId: 'app.notes', version: undefined, build: undefined },
            ...{ externalVersionId: undefined },
            ...app,
          },
        ],
      });

    const devices = [runs({ version: '1.0', build: '77' })];
    expect(kept(items, { last: 1 }, { devices })).toEqual({ '1.0': 'on-device', '3.0': 'last' });
    expect(
      kept(
        items,
        { onDevices: true },
        { devices: [runs({ version: '9', externalVersionId: '30' })] },
      ),
    ).toEqual({ '3.0': 'on-device' });
    expect(kept(items, { onDevices: true }, { devices: [runs({})] })).toEqual({});
  });

  it('keeps what is held on a device', () => {
    const items = versions('1.0', '2.0', '3.0');
    const held = [
      { bundleId: 'app.notes', version: '1.0', build: undefined, externalVersionId: undefined },
    ];
    const devices = [device('phone', { held })];

    expect(kept(items, { last: 1 }, { devices })).toEqual({ '1.0': 'held', '3.0': 'last' });
  });

  it('says where the rule was written that keeps what devices run', () => {
    const installed = [
      {
        ...{ bundleId: 'app.notes', version: '1.0', build: undefined },
        externalVersionId: undefined,
      },
    ];
    const { items } = planRetention({
      ...{ ...NOTHING, versions: versions('1.0'), devices: [device('d', { installed })] },
      policy: { apps: { 'app.notes': { versions: { onDevices: true } } } },
    });

    expect(items[0]?.reasons).toEqual([
      { code: 'on-device', deviceId: 'd', deviceKind: 'iPhone', from: 'app' },
    ]);
  });

  it('keeps what was added less than a duration ago, and for minimumKeep', () => {
    const items = [
      version('1.0', { addedAt: new Date('2026-11-20') }),
      version('2.0', { addedAt: new Date('2026-10-01') }),
    ];

    expect(kept(items, { within: '30d' })).toEqual({ '1.0': 'within' });
    expect(kept(items, {}, { policy: { versions: { last: 1 }, minimumKeep: '7d' } })).toEqual({
      '1.0': 'minimum-keep',
      '2.0': 'last',
    });
  });

  it('neither sees nor counts what is pinned', () => {
    const items = [...versions('1.0', '2.0'), version('3.0', { pinned: true })];

    expect(kept(items, { last: 1 })).toEqual({ '2.0': 'last', '3.0': 'pinned' });
  });

  it('counts the unpinned file of a version of which another is pinned', () => {
    const items = [
      version('1.0'),
      version('2.0'),
      version('2.0', { id: 'file', versionId: '2.0', pinned: true }),
    ];

    expect(kept(items, { last: 1 })).toEqual({ '2.0': 'last', file: 'pinned' });
  });

  it('keeps everything of an app nobody wrote rules for', () => {
    const policy = { apps: { other: { versions: { last: 1 } } } };

    expect(kept(versions('1.0', '2.0'), {}, { policy })).toEqual({
      '1.0': 'no-policy',
      '2.0': 'no-policy',
    });
  });
});
