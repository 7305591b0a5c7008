import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { coverageText } from './coverage-text.js';

type Coverage = Schemas['SnapshotCoverageDto'];

const AMOUNT = { files: 3, bytes: 2048, missingFiles: 1 };
const app = (name: string, more: Partial<Coverage['apps'][number]> = {}): Coverage['apps'][0] => ({
  ...{ bundleId: `com.example.${name}`, name, version: '1.0', presence: 'installed' },
  ...{ content: 'data', amount: AMOUNT, groups: [], packageKept: false, ...more },
});
const noPackage = (name: string): Coverage['checklist'][number] => ({
  ...{ outcome: 'fetch-afterwards', reason: 'no-package', about: `app:com.example.${name}` },
  text: `${name}: no package of it is kept here; only the App Store has it.`,
});
const PLAIN: Coverage = {
  ...{ snapshotId: 'x', encrypted: false, counted: true, only: null, uncounted: null },
  ...{ total: AMOUNT, payloads: { files: 2, bytes: 2048 } },
  areas: [{ area: 'messages', state: 'there', ...AMOUNT, missingFiles: 0 }],
  apps: [app('a'), app('b')],
  domains: [{ domain: 'HomeDomain', ...AMOUNT }],
  cloud: {
    ...{ photos: 'on', photosInCloud: 1200, photosSyncedAt: null },
    ...{ messages: 'unknown', drive: 'unknown' },
  },
  checklist: [
    { outcome: 'comes-back', reason: 'area', about: 'messages', text: 'Messages: in the backup.' },
    { outcome: 'gone', reason: 'always', about: 'apple-pay', text: 'Cards: add them again.' },
  ],
};

describe('what is said of a backup', () => {
  it('is what comes back, what to fetch, and last what will be gone', () => {
    expect(coverageText(PLAIN, false).split('\n')).toEqual([
      '  listed   3 files, 2.0 KiB; 1 of them did not arrive',
      '  iCloud   photos: on (1200 there), messages: unknown, Drive: unknown',
      '',
      'A restore brings back by itself',
      '  Messages: in the backup. 3 files, 2.0 KiB',
      '  Data of 2 apps: in the backup; 2 of them did not arrive. 6 files, 4.0 KiB',
      '',
      'Will be gone',
      '  Cards: add them again.',
      '',
      '--all shows every app and domain.',
    ]);
  });

  it('names a few of many apps of which the same is to be said', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

    const text = coverageText({ ...PLAIN, checklist: names.map(noPackage) }, false);

    expect(text).toContain(
      '  No package is kept here of a, b, c, d, e and 2 more; only the App Store has them.\n',
    );
  });

  it('is every app and domain when all is asked for', () => {
    const text = coverageText(PLAIN, true);

    expect(text).toMatch(/^APP +VERSION +WAS +CONTENT +FILES +SIZE +MISSING +PACKAGE$/m);
    expect(text).toMatch(/^HomeDomain +3 +2\.0 KiB +1$/m);
    expect(text).not.toContain('--all');
  });

  it('of an encrypted one is what the password would show, and nothing counted', () => {
    const apps = [app('a', { content: 'unknown', amount: null })];
    const encrypted = { ...PLAIN, encrypted: true, counted: false, total: null, areas: [], apps };

    const text = coverageText({ ...encrypted, domains: [], checklist: [] }, true);

    expect(text).toContain('stored   2 files, 2.0 KiB, encrypted');
    expect(text).toContain('only the password of the backup would show its list of files');
    expect(text).toMatch(/^a +1\.0 +installed +unknown +– +– +– +–$/m);
  });
});
