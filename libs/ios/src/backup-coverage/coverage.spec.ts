import { describe, expect, it } from '@jest/globals';
import type { InstalledApp } from '../backup/installed-apps.js';
import type { BackupCoverage } from './coverage.js';
import { CoverageTally } from './coverage-tally.js';
import type { CoveredFile } from './coverage-tally.js';
import { restoreChecklist } from './restore-checklist.js';

const app = (bundleId: string, more: Partial<InstalledApp> = {}): InstalledApp => ({
  ...{ bundleId, offloaded: false, fromStore: true },
  ...more,
});
const file = (domain: string, path: string, bytes: number | undefined = 10): CoveredFile => ({
  ...{ domain, path, bytes },
});

function cover(
  files: readonly CoveredFile[],
  { encrypted = false, apps = [] as readonly InstalledApp[] } = {},
): BackupCoverage {
  const tally = new CoverageTally();
  for (const each of files) tally.add(each);
  return tally.finish(encrypted, apps);
}

describe('what a backup contains', () => {
  it('is counted by domain and area; what did not arrive is apart', () => {
    const found = cover([
      file('HomeDomain', 'Library/SMS/sms.db', 100),
      file('CameraRollDomain', 'Media/DCIM/100APPLE/IMG_1.HEIC', 50),
      { domain: 'CameraRollDomain', path: 'Media/DCIM/100APPLE/IMG_2.HEIC', bytes: undefined },
      file('CameraRollDomain', 'Media/PhotoData/Photos.sqlite', 7),
    ]);

    expect(found.total).toEqual({ files: 4, bytes: 157, missingFiles: 1 });
    expect(found.domains).toEqual([
      { domain: 'CameraRollDomain', files: 3, bytes: 57, missingFiles: 1 },
      { domain: 'HomeDomain', files: 1, bytes: 100, missingFiles: 0 },
    ]);
    const photos = found.areas.find(({ area }) => area === 'photos');
    expect(photos).toEqual({
      area: 'photos',
      state: 'there',
      files: 2,
      bytes: 50,
      missingFiles: 1,
    });
  });

  it('lacks what Apple holds back unless it is encrypted', () => {
    const states = (encrypted: boolean): (string | undefined)[] =>
      ['health', 'passwords', 'contacts'].map(
        (name) => cover([], { encrypted }).areas.find(({ area }) => area === name)?.state,
      );

    expect(states(false)).toEqual(['held-back', 'held-back', 'none']);
    expect(states(true)).toEqual(['none', 'none', 'none']);
  });

  it('is told by app, with extensions and groups that are called after it', () => {
    const { apps } = cover(
      [
        file('AppDomain-net.whatsapp.WhatsApp', 'Library/Preferences/a.plist', 1),
        file('AppDomainGroup-group.net.whatsapp.WhatsApp.shared', 'ChatStorage.sqlite', 100),
        file('AppDomainGroup-group.other', 'x', 1000),
        file('AppDomainPlugin-net.whatsapp.WhatsApp.share', 'x', 10),
        file('AppDomain-org.settings.only', 'Library/Preferences/a.plist', 1),
        file('AppDomain-left.over', 'Documents/x', 1),
      ],
      {
        apps: [
          app('net.whatsapp.WhatsApp', { name: 'WhatsApp', version: '24.1' }),
          app('org.settings.only'),
          app('org.signal'),
          app('org.off', { offloaded: true }),
        ],
      },
    );

    const told = apps.map(({ bundleId, presence, content, bytes }) => [
      bundleId,
      presence,
      content,
      bytes,
    ]);
    expect(told).toEqual([
      ['left.over', 'left-over', 'data', 1],
      ['net.whatsapp.WhatsApp', 'installed', 'data', 111],
      ['org.off', 'offloaded', 'empty', 0],
      ['org.settings.only', 'installed', 'settings', 1],
      ['org.signal', 'installed', 'empty', 0],
    ]);
    expect(apps[1]?.groups).toEqual(['group.net.whatsapp.WhatsApp.shared']);
  });
});

describe('the checklist before a phone is wiped', () => {
  const coverage = cover([file('HomeDomain', 'Library/SMS/sms.db')], {
    apps: [app('org.signal', { name: 'Signal' }), app('org.off', { offloaded: true })],
  });

  it('says what comes back, what must be fetched, and what will be gone', () => {
    const lines = restoreChecklist(coverage, new Set(['org.off']));

    const outcomes = new Map(lines.map(({ about, outcome }) => [about, outcome]));
    expect(outcomes.get('messages')).toBe('comes-back');
    expect(outcomes.get('passwords')).toBe('gone');
    expect(outcomes.get('photos')).toBe('unknown');
    expect(outcomes.get('app:org.off')).toBe('fetch-afterwards');
    expect(outcomes.get('apple-pay')).toBe('gone');
    const signal = lines
      .filter(({ about }) => about === 'app:org.signal')
      .map((line) => line.outcome);
    expect(signal).toEqual(['gone', 'fetch-afterwards']);
  });

  it('does not warn of a package that is kept', () => {
    const lines = restoreChecklist(coverage, new Set(['org.signal']));

    expect(lines.filter(({ about }) => about === 'app:org.signal')).toHaveLength(1);
  });
});
