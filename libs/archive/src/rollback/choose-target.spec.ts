import { describe, expect, it } from '@jest/globals';
import type { AppVersionId, ArtifactId } from '@rootcellar/model';
import type { KeptPackage } from '../ports/rollback-catalog.js';
import { chooseTarget } from './choose-target.js';
import type { TargetWish } from './choose-target.js';

function kept(
  version: string,
  facts: Readonly<Record<string, unknown>> = {},
  more: Partial<KeptPackage> = {},
): KeptPackage {
  return {
    ...{
      artifactId: `package-${version}` as ArtifactId,
      versionId: `v-${version}` as AppVersionId,
    },
    ...{ bundleId: 'com.example.app', appName: 'Example', fileName: 'a.ipa', sha256: '', size: 1 },
    ...{ version, build: undefined, externalVersionId: undefined, addedAt: new Date(0) },
    facts: {
      minimumOs: '12.0',
      deviceFamilies: [1],
      architectures: ['arm64'],
      supportedPlatforms: ['iPhoneOS'],
      requiredCapabilities: [],
      ...facts,
    },
    ...more,
  };
}

const WISH: TargetWish = {
  installed: { version: '4.0', build: undefined, externalVersionId: undefined },
  ...{ subscriptionFrom: undefined, held: undefined, asked: undefined },
  device: { productType: 'iPhone14,5', productVersion: '17.5.1' },
};
const choose = (
  packages: readonly KeptPackage[],
  wish: Partial<TargetWish> = {},
): [string | undefined, string] | undefined => {
  const target = chooseTarget(packages, { ...WISH, ...wish });
  return target === undefined ? undefined : [target.kept.version, target.chosen];
};

describe('the version to go back to', () => {
  const all = [kept('3.9'), kept('4.0'), kept('3.10'), kept('5.0'), kept('2.0')];

  it('is the newest kept one that is older than what is installed', () => {
    expect(choose(all)).toEqual(['3.10', 'newest-older']);
  });

  it('is none when nothing older is kept', () => {
    expect(choose([kept('4.0'), kept('5.0')])).toBeUndefined();
    expect(choose([])).toBeUndefined();
  });

  it('is one the device can run', () => {
    const needsMore = kept('3.11', { minimumOs: '18.0' });

    expect(choose([...all, needsMore])).toEqual(['3.10', 'newest-older']);
  });

  it('is the newest older one all the same when the device runs none, so that the plan can say why', () => {
    const found = chooseTarget(
      [kept('3.0', { minimumOs: '18.0' }), kept('2.0', { deviceFamilies: [2] })],
      WISH,
    );

    expect([found?.kept.version, found?.verdict.installs]).toEqual(['3.0', 'no']);
  });

  it('is the last before the subscription when that is known and has been reached', () => {
    expect(choose(all, { subscriptionFrom: '3.10' })).toEqual(['3.9', 'before-subscription']);
    expect(choose(all, { subscriptionFrom: '4.5' })).toEqual(['3.10', 'newest-older']);
    expect(choose(all, { subscriptionFrom: '1.0' })).toEqual(['3.10', 'newest-older']);
  });

  it('is before the subscription by the number of the store, too', () => {
    const numbered = [
      kept('3.0', {}, { externalVersionId: '800000001' }),
      kept('3.5', {}, { externalVersionId: '800000005' }),
    ];
    const installed = { version: '4.0', build: undefined, externalVersionId: '800000009' };

    expect(choose(numbered, { installed, subscriptionFrom: '800000003' })).toEqual([
      '3.0',
      'before-subscription',
    ]);
  });

  it('is the version that is held on the device, when it is kept and runs there', () => {
    const held = { version: '2.0', build: undefined, externalVersionId: undefined };

    expect(choose(all, { held, subscriptionFrom: '3.10' })).toEqual(['2.0', 'held']);
    expect(choose(all, { held, installed: held })).toBeUndefined();
    expect(choose(all, { held: { ...held, version: '1.0' } })).toEqual(['3.10', 'newest-older']);
    expect(choose([...all.slice(0, 4), kept('2.0', { minimumOs: '18.0' })], { held })).toEqual([
      ...['3.10', 'newest-older'],
    ]);
  });

  it('is what was asked for, whatever it is; and nothing else instead', () => {
    const asked = 'package-5.0' as ArtifactId;

    expect(choose(all, { asked })).toEqual(['5.0', 'asked-for']);
    expect(choose(all, { asked: 'package-9' as ArtifactId })).toBeUndefined();
  });

  it('is the newest of all when nobody knows what is installed', () => {
    expect(choose(all, { installed: undefined })).toEqual(['5.0', 'newest-older']);
  });

  it('is of several files of one version the one with the rights of its buyer, then the one added last', () => {
    const same = { versionId: 'v' as AppVersionId };
    const file = (id: string, hasSinf: boolean, day: number): KeptPackage =>
      kept('3.0', { hasSinf }, { ...same, artifactId: id as ArtifactId, addedAt: new Date(day) });

    const [a, b, c] = [file('a', true, 1), file('b', true, 2), file('c', false, 3)];

    expect(chooseTarget([a, b, c], WISH)?.kept.artifactId).toBe('b');
    expect(chooseTarget([c, a], WISH)?.kept.artifactId).toBe('a');
  });
});
