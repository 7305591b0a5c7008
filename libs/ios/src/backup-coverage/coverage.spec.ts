import { describe, expect, it } from '@jest/globals';
import type { InstalledApp } from '../backup/installed-apps.js';
import type { BackupCoverage } from './coverage.js';
import { CoverageTally } from './coverage-tally.js';
import type { CoveredFile } from './coverage-tally.js';
import { cloudFacts } from './cloud-facts.js';
import { checklistWithoutPassword, restoreChecklist } from './restore-checklist.js';
import { writeBinaryPlist, writeXmlPlist } from '../testing/index.js';

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

describe('a list of files with more domains than any device has', () => {
  it('is counted whole; domains behind the limit are added up', () => {
    const tally = new CoverageTally();
    for (let at = 0; at < 20_003; at += 1) tally.add(file(`AppDomain-a.${String(at)}`, 'x', 2));
    tally.add(file('AppDomain-a.0', 'y', 1));

    const { total, domains, uncounted } = tally.finish(false, []);

    expect(total).toEqual({ files: 20_004, bytes: 40_007, missingFiles: 0 });
    expect(domains).toHaveLength(20_000);
    expect(domains[0]).toMatchObject({ domain: 'AppDomain-a.0', files: 2 });
    expect(uncounted).toEqual({ files: 3, bytes: 6, missingFiles: 0 });
  });
});

describe('an app', () => {
  it('has the groups and extensions of its own name, not those of one with a longer name', () => {
    const { apps } = cover(
      [
        file('AppDomain-org.notes', 'a', 1),
        file('AppDomainPlugin-org.notes.pro.share', 'b', 10),
        file('AppDomainGroup-group.org.notes.pro', 'c', 100),
        file('AppDomainGroup-group.org.notespad', 'd', 1000),
      ],
      { apps: [app('org.notes'), app('org.notes.pro')] },
    );

    expect(apps.map(({ bundleId, bytes }) => [bundleId, bytes])).toEqual([
      ['org.notes', 1],
      ['org.notes.pro', 110],
    ]);
  });
});

describe('what lives in iCloud too', () => {
  it('is told by two lists of the backup', () => {
    const lastSyncDate = new Date('2024-05-31T12:00:00Z');
    const cloudAssetCountPerType = { 'public.image': 1200, 'public.movie': 34 };
    const photos = writeBinaryPlist({
      ...{ iCloudLibraryExists: true, lastSyncDate, cloudAssetCountPerType },
    });
    const messages = writeXmlPlist({ CloudKitSyncingEnabled: false });

    expect(cloudFacts({ photos, messages })).toEqual({
      ...{ photos: 'on', photosInCloud: 1234, photosSyncedAt: lastSyncDate },
      ...{ messages: 'off', drive: 'unknown' },
    });
  });

  it.each([
    ['none', undefined],
    ['one that is no list', Buffer.from('bplist00 nothing')],
    ['one of another form', writeXmlPlist({ iCloudLibraryExists: 'yes', x: [] })],
    ['a list of lists', writeXmlPlist([1])],
  ])('is unknown by %s', (_, photos) => {
    const facts = cloudFacts({ photos, messages: photos });

    expect([facts.photos, facts.photosInCloud, facts.messages]).toEqual([
      ...['unknown', undefined, 'unknown'],
    ]);
  });

  it('decides what becomes of what the backup lacks', () => {
    const lineOf = (photos: Parameters<typeof cloudFacts>[0]['photos']): unknown => {
      const tally = new CoverageTally();
      const coverage = tally.finish(false, [], cloudFacts({ photos }));
      return restoreChecklist(coverage, new Set()).find(({ about }) => about === 'photos')?.outcome;
    };

    expect(lineOf(writeXmlPlist({ iCloudLibraryExists: true }))).toBe('fetch-afterwards');
    expect(lineOf(writeXmlPlist({ iCloudLibraryExists: false }))).toBe('gone');
    expect(lineOf(undefined)).toBe('unknown');
  });
});

describe('an app that is known for keeping its data out', () => {
  const SIGNAL = app('org.whispersystems.signal', { name: 'Signal' });
  const AUTHENTICATOR = app('me.mattrubin.authenticator', { name: 'Authenticator' });
  const saidOf = (files: readonly CoveredFile[], encrypted: boolean): string[] =>
    restoreChecklist(
      cover(files, { encrypted, apps: [SIGNAL, AUTHENTICATOR] }),
      new Set([SIGNAL.bundleId, AUTHENTICATOR.bundleId]),
    )
      .filter(({ reason }) => reason === 'known-for')
      .map(({ text }) => text);

  it('is warned of, whatever of it arrived', () => {
    const settings = file('AppDomain-org.whispersystems.signal', 'Library/Preferences/a.plist');

    expect(saidOf([settings], false)).toEqual([
      expect.stringMatching(/^Authenticator: is known for .* keychain/),
      expect.stringMatching(/^Signal: is known for .* first\.$/),
    ]);
    expect(saidOf([file('AppDomain-org.whispersystems.signal', 'a')], false)[1]).toContain(
      'Some of its files are in this backup.',
    );
  });

  it('is not, when encrypted backups contain them', () => {
    expect(saidOf([], true)).toEqual([expect.stringContaining('Signal')]);
  });
});

describe('the checklist of an encrypted backup', () => {
  it('says what only the password would show, and of apps what the lists say', () => {
    const lines = checklistWithoutPassword(
      [
        { bundleId: 'a.b', name: 'A', version: '1', presence: 'installed' },
        { bundleId: 'c.d', name: undefined, version: undefined, presence: 'offloaded' },
      ],
      new Set(),
    );

    expect(lines.filter(({ reason }) => reason !== 'always').map(({ text }) => text)).toEqual([
      expect.stringContaining('only the password of the backup'),
      expect.stringContaining('encrypted backups can contain them'),
      'A: no package of it is kept here; only the App Store has it.',
      'c.d: was offloaded; its data come back, the app must be downloaded.',
    ]);
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

  it('does not promise passwords of a backup that is not encrypted', () => {
    const files = [file('KeychainDomain', 'keychain-backup.plist')];
    const outcomeOf = (encrypted: boolean): unknown =>
      restoreChecklist(cover(files, { encrypted }), new Set()).find(
        ({ about }) => about === 'passwords',
      )?.outcome;

    expect([outcomeOf(false), outcomeOf(true)]).toEqual(['unknown', 'comes-back']);
  });

  it('does not warn of a package that is kept', () => {
    const lines = restoreChecklist(coverage, new Set(['org.signal']));

    expect(lines.filter(({ about }) => about === 'app:org.signal')).toHaveLength(1);
  });
});
