import { describe, expect, it } from '@jest/globals';
import { newId, systemClock } from '@rootcellar/model';
import type { ArtifactId } from '@rootcellar/model';
import type { KeptVersion, VersionNames } from '../ports/app-catalog.js';
import { mergeVersions } from './merge-versions.js';
import { versionId } from './version-identity.js';

const names = (version?: string, build?: string, externalVersionId?: string): VersionNames => ({
  ...{ bundleId: 'com.example.app', version, build, externalVersionId },
});
const kept = (...given: Parameters<typeof names>): KeptVersion => ({
  ...{ ...names(...given), id: newId<ArtifactId>(systemClock), name: 'Example', described: true },
  ...{ releasedAt: undefined, purchasedAt: undefined, storeListId: undefined },
});
/** `identity: packages/seen` of each. */
const merged = (packages: readonly KeptVersion[], seen: readonly VersionNames[]): string[] =>
  mergeVersions(packages, seen)
    .map((it) => `${it.identity}: ${String(it.packages.length)}/${String(it.seen.length)}`)
    .sort();

describe('what packages and backups say of versions', () => {
  it('is one version by the number of the store, whatever is shown, and says what else is shown', () => {
    const [version, ...others] = mergeVersions(
      [kept('1.2', '5', '900')],
      [names('1.3', '5', '900')],
    );

    expect(others).toEqual([]);
    expect(version).toMatchObject({ version: '1.2', alsoShown: ['1.3'], externalVersionId: '900' });
  });

  it('is told apart by what is shown when backups alone contradict each other', () => {
    const seen = [names('0.19.2', '1', '900'), names('0.20.4', '2', '900')];
    const versions = mergeVersions([kept('0.19.2', '1'), kept('0.20.4', '2')], seen);

    expect(
      versions.map((it) => [it.version, it.alsoShown, it.packages.length, it.seen.length]),
    ).toEqual([
      ['0.19.2', ['0.20.4'], 1, 1],
      ['0.20.4', ['0.19.2'], 1, 1],
    ]);
  });

  it('is told apart when packages contradict each other', () => {
    expect(
      merged([kept('1.2', '5', '900'), kept('1.3', '6', '900')], [names('1.3', '6', '900')]),
    ).toEqual([...['store:900|1.2: 1/0', 'store:900|1.3: 1/1']]);
  });

  it('takes a package without a number for the one version it fits', () => {
    expect(merged([kept('1.2', '5')], [names('1.2', '5', '900')])).toEqual(['store:900: 1/1']);
  });

  it('is two versions for two numbers that show the same', () => {
    expect(merged([kept('1.2', '5', '900')], [names('1.2', '5', '901')])).toEqual([
      ...['store:900: 1/0', 'store:901: 0/1'],
    ]);
  });

  it('takes a backup without a number for the one version it fits', () => {
    expect(merged([kept('1.2', '5', '900')], [names('1.2', '5'), names('1.2')])).toEqual([
      'store:900: 1/2',
    ]);
  });

  it('takes a backup that knows the build only for the one version with it', () => {
    expect(merged([kept('0.18.1', '77')], [names(undefined, '77')])).toEqual([
      'version:0.18.1|77: 1/1',
    ]);
  });

  it('does not mind zeros that mean nothing', () => {
    expect(merged([kept('1.2', '5', '900')], [names('1.02.0', '5')])).toEqual(['store:900: 1/1']);
  });

  it('guesses nothing when several fit', () => {
    expect(merged([kept('1.2', '5', '900'), kept('1.2', '5', '901')], [names('1.2')])).toEqual([
      ...['store:900: 1/0', 'store:901: 1/0', 'version:1.2|: 0/1'],
    ]);
  });

  it('keeps apps apart that show the same', () => {
    const other = { ...names('1.2', '5'), bundleId: 'com.example.other' };

    expect(mergeVersions([kept('1.2', '5')], [other]).map(({ key }) => key)).toHaveLength(2);
  });

  it('is known by the same id, kept or not', () => {
    const [seen] = mergeVersions([], [names('1.2', '5', '900')]).map(versionId);
    const [known] = mergeVersions([kept('1.2', '5', '900')], []).map(versionId);

    expect(seen).toBe(known);
    expect(seen).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});
