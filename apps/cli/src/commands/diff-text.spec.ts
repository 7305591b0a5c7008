import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { diffText } from './diff-text.js';
import { permissionName } from './diff-words.js';

type Changes = Schemas['PackageChangesDto'];

const NOTHING = { added: [], removed: [] };
const named = (version: string, size: number): Changes['before'] => ({
  ...{ id: version, bundleId: 'com.example.timer', name: 'Timer', version, build: '1', size },
  ...{ externalVersionId: null, problems: [], fileName: 'a.ipa' },
});
const SAME: Changes = {
  ...{ before: named('3.0', 1_000_000), after: named('4.0', 1_500_000), app: 'same' },
  stored: { sharedBytes: 900_000, newBytes: 600_000 },
  bytes: { before: 2_000_000, after: 2_000_000 },
  files: { added: 0, removed: 0, changed: 0, same: 5, sameBytes: 5, largest: [] },
  ...{ name: null, minimumOs: null, deviceFamilies: null, requiredCapabilities: NOTHING },
  permissions: { ...NOTHING, reworded: [] },
  ...{ urlSchemes: NOTHING, backgroundModes: NOTHING, frameworks: NOTHING },
  entitlements: { ...NOTHING, changed: [] },
  ...{ linkedLibraries: NOTHING, extensions: NOTHING, localisations: NOTHING },
  privacy: {
    ...{ tracking: null, trackingDomains: NOTHING, collected: NOTHING, accessedApis: NOTHING },
  },
  signals: { appeared: [], gone: [] },
};

const file = (path: string, bytesBefore: number | null, bytesAfter: number | null) => ({
  ...{ path, bytesBefore, bytesAfter, newPackedBytes: null },
});
const textOf = (changes: Partial<Changes>): string => diffText({ ...SAME, ...changes });
/** The titles of what is told, in order. */
const sectionsOf = (text: string): string[] => text.match(/^(?! ).*:$/gm) ?? [];

describe('what changed between two packages, as text', () => {
  it('is sizes and counts where nothing else did', () => {
    const text = textOf({});

    expect(text.split('\n')).toEqual([
      'Timer 3.0 (1) → 4.0 (1), com.example.timer',
      expect.stringMatching(/^Package .* → .* \(\+.*\); .* of the second are in the first too/),
      expect.stringMatching(/^Unpacked .* \(no change\)\.$/),
      'Files: 0 added, 0 removed, 0 changed, 5 the same.',
    ]);
  });

  it('tells first what a person wants to know first', () => {
    const text = textOf({
      files: {
        ...SAME.files,
        largest: [file('App/new', null, 5000), file('App/gone', 9000, null)],
      },
      permissions: { ...NOTHING, added: ['NSCameraUsageDescription'], reworded: [] },
      signals: {
        appeared: [{ kind: 'paywall-sdk', evidence: 'RevenueCat', where: 'App/Frameworks' }],
        gone: [{ kind: 'store-price', evidence: 'price: $2.99', where: 'iTunesMetadata.plist' }],
      },
      minimumOs: { before: '12.0', after: null },
      frameworks: { added: ['RevenueCat'], removed: ['Old'] },
    });

    expect(sectionsOf(text)).toEqual([
      'What got bigger:',
      'What it newly asks for:',
      'Signs of how it earns money (signs, not proofs):',
      'Where it runs:',
      'Also:',
    ]);
    expect(text).toContain('App/new (new)');
    expect(text).not.toContain('App/gone');
    expect(text).toContain('+ camera (NSCameraUsageDescription)');
    expect(text).toContain(
      '+ RevenueCat: a part that sells subscriptions or locks screens [App/Frameworks]',
    );
    expect(text).toContain('− in the store, price: $2.99 [iTunesMetadata.plist]');
    expect(text).toContain('Oldest iOS: 12.0 → any');
    expect(text).toContain('− frameworks: Old');
  });

  it('says of which apps it is', () => {
    const after = { ...named('4.0', 1), bundleId: 'org.example.timer' };

    expect(textOf({ after, app: 'different' })).toContain('These are two different apps.');
    expect(textOf({ after, app: 'linked' })).toContain('one app goes on as the other');
    expect(textOf({ after, app: 'linked' }).split('\n')[0]).toBe(
      'Timer 3.0 (1), com.example.timer → Timer 4.0 (1), org.example.timer',
    );
  });

  it('shows what in a package contradicts it', () => {
    const problems = [{ code: 'rights-missing', message: 'no rights' }] as const;

    expect(textOf({ after: { ...named('4.0', 1), problems: [...problems] } })).toContain(
      '! 4.0 (1): no rights',
    );
  });

  it('stays short', () => {
    const names = Array.from({ length: 500 }, (_, at) => `name${String(at)}`);
    const text = textOf({
      files: { ...SAME.files, largest: names.map((name, at) => file(name, null, at + 1)) },
      urlSchemes: { added: names, removed: names },
      signals: {
        appeared: names.map((evidence) => ({ kind: 'subscription-words', evidence, where: 'x' })),
        gone: [],
      },
    });

    expect(text.split('\n').length).toBeLessThan(40);
    expect(text).toContain('and 492 more that grew');
    expect(text).toContain('and 488 more');
  });

  it('says a sentence once, wherever it stands', () => {
    const said = { kind: 'subscription-words', evidence: 'Free trial' } as const;
    const appeared = ['en', 'de', 'fr'].map((where) => ({ ...said, where }));

    expect(
      textOf({ signals: { appeared, gone: [] } })
        .split('\n')
        .slice(-1),
    ).toEqual(['  + it says “Free trial” [en] and 2 more places']);
  });

  it('leaves out libraries that only moved', () => {
    const linkedLibraries = { added: ['/a/WebKit', '/usr/lib/libz.dylib'], removed: ['/b/WebKit'] };

    expect(textOf({ linkedLibraries }).split('\n').slice(-2)).toEqual([
      'Also:',
      '  + libraries it is linked with: libz.dylib',
    ]);
  });

  it('does not say that unreadable entitlements are the same', () => {
    expect(textOf({ entitlements: null })).toContain('Entitlements cannot be compared');
  });
});

describe('the name of a permission', () => {
  it.each([
    ['NSCameraUsageDescription', 'camera'],
    ['NSPhotoLibraryAddUsageDescription', 'photo library add'],
    ['NSFaceIDUsageDescription', 'face id'],
  ])('of %s', (key, name) => {
    expect(permissionName(key)).toBe(name);
  });
});
