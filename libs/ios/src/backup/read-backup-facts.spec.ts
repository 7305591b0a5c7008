import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EXAMPLE_UDID, infoPlist, manifestPlist, statusPlist } from '../testing/backup-plists.js';
import type { BackupSpec } from '../testing/backup-spec.js';
import { mutate, mutations } from '../testing/mutate.js';
import { onlyArchiveErrors } from '../testing/only-archive-errors.js';
import { writeBinaryPlist } from '../testing/write-binary-plist.js';
import { writeXmlPlist } from '../testing/write-xml-plist.js';
import { readBackupFacts } from './read-backup-facts.js';
import type { BackupFacts } from './read-backup-facts.js';

const LONG_UDID = '0123456789abcdef0123456789abcdef01234567';

function factsOf(spec: BackupSpec): BackupFacts {
  return readBackupFacts({
    infoPlist: infoPlist(spec),
    manifestPlist: manifestPlist(spec),
    statusPlist: statusPlist(spec),
  });
}

describe('the facts of a backup', () => {
  it('are read from its three property lists', () => {
    const facts = factsOf({ apps: [{ bundleId: 'com.example.app', version: '1.2', build: '34' }] });

    expect(facts).toEqual({
      udid: EXAMPLE_UDID,
      udidForm: 'short',
      deviceName: 'Test iPhone',
      productType: 'iPhone14,5',
      productVersion: '17.5.1',
      buildVersion: '21F90',
      serial: 'TESTSERIAL01',
      takenAt: new Date('2024-06-01T12:00:00Z'),
      encrypted: false,
      snapshotState: 'finished',
      finished: true,
      isFullBackup: true,
      backupVersion: '10.0',
      installedApps: [
        {
          bundleId: 'com.example.app',
          name: 'Example',
          version: '1.2',
          build: '34',
          itemId: '1234567890',
          externalVersionId: '830001000',
          purchaseDate: new Date('2024-06-01T12:00:00Z'),
          releaseDate: new Date('2015-01-01T00:00:00Z'),
          offloaded: false,
          fromStore: true,
        },
      ],
    });
  });

  it('are read of an encrypted backup as well', () => {
    expect(factsOf({ encrypted: true })).toMatchObject({
      encrypted: true,
      deviceName: 'Test iPhone',
    });
    expect(factsOf({ encrypted: true, manifest: { IsEncrypted: undefined } }).encrypted).toBe(true);
    expect(factsOf({ manifest: { IsEncrypted: undefined } }).encrypted).toBe(false);
  });

  it('never hold the phone number, the IMEI or an Apple ID', () => {
    const facts = JSON.stringify(
      factsOf({ apps: [{ bundleId: 'com.example.app', appleId: 'me@example.com' }] }),
    );

    for (const secret of ['555', '001234567890123', 'me@example.com'])
      expect(facts).not.toContain(secret);
  });

  it('say finished of nothing but a finished backup', () => {
    const states = ['finished', 'uploading', 'Finished', null].map(
      (snapshotState) => factsOf({ snapshotState }).finished,
    );

    expect(states).toEqual([true, false, false, false]);
  });

  it('are there without Status.plist', () => {
    const facts = readBackupFacts({ infoPlist: infoPlist({}), manifestPlist: manifestPlist({}) });

    expect(facts).toMatchObject({
      finished: false,
      snapshotState: undefined,
      takenAt: new Date('2024-06-01T12:00:00Z'),
    });
  });
});

describe('the device of a backup', () => {
  const none = { 'Target Identifier': undefined, 'Unique Identifier': undefined };
  const noLockdown = { Lockdown: undefined };

  it('is spelt in one way in both of its forms', () => {
    expect(factsOf({ udid: LONG_UDID.toUpperCase() })).toMatchObject({
      udid: LONG_UDID,
      udidForm: 'long',
    });
    expect(factsOf({ udid: EXAMPLE_UDID.toLowerCase() })).toMatchObject({
      udid: EXAMPLE_UDID,
      udidForm: 'short',
    });
  });

  it('is taken from Manifest.plist where Info.plist does not tell', () => {
    expect(factsOf({ info: none }).udid).toBe(EXAMPLE_UDID);
    expect(
      factsOf({ info: { 'Target Identifier': '../../etc', 'Unique Identifier': 7 } }).udid,
    ).toBe(EXAMPLE_UDID);
  });

  it('is taken from the name of the folder where no list tells', () => {
    const lists = {
      infoPlist: infoPlist({ info: none }),
      manifestPlist: manifestPlist({ manifest: noLockdown }),
    };

    const facts = readBackupFacts({ ...lists, folderName: `${LONG_UDID}-20240601-120000` });

    expect(facts.udid).toBe(LONG_UDID);
    for (const folderName of [undefined, 'Backup', '..'])
      expect(() => readBackupFacts({ ...lists, folderName })).toThrow(
        expect.objectContaining({ code: 'BACKUP_NO_DEVICE' }),
      );
  });
});

describe('the name of a device', () => {
  it('loses its control characters', () => {
    const name = 'Zoë’s\u0000 \u001b[31miPhone\u202e 📱\n';
    const lists = {
      infoPlist: writeXmlPlist({}),
      manifestPlist: manifestPlist({ deviceName: name }),
    };

    expect(readBackupFacts(lists).deviceName).toBe('Zoë’s [31miPhone 📱');
    expect(factsOf({ deviceName: 'My\u0007 iPhone' }).deviceName).toBe('My iPhone');
  });

  it('is at most 200 characters long', () => {
    expect(factsOf({ deviceName: '📱'.repeat(10_240) }).deviceName).toBe('📱'.repeat(200));
  });

  it.each([
    ['iPhone14,5', 'iPhone'],
    ['iPad13,1', 'iPad'],
    ['iPod9,1', 'iPod touch'],
    ['Other1,1', 'iPhone or iPad'],
  ])('is made up for %s where there is none', (productType, name) => {
    expect(factsOf({ productType, deviceName: ' \n\u0000' }).deviceName).toBe(name);
  });
});

describe('the time of a backup', () => {
  const at = (year: number): Date => new Date(Date.UTC(year, 0, 1));
  const dated = (status: unknown, manifest: unknown, info: unknown): Date | undefined =>
    factsOf({
      status: { Date: status as Date },
      manifest: { Date: manifest as Date },
      info: { 'Last Backup Date': info as Date },
    }).takenAt;

  it('is that of the first list that has one', () => {
    expect(dated(at(2021), at(2022), at(2023))).toEqual(at(2021));
    expect(dated(undefined, at(2022), at(2023))).toEqual(at(2022));
    expect(dated(undefined, undefined, at(2023))).toEqual(at(2023));
    expect(dated(undefined, undefined, undefined)).toBeUndefined();
  });

  it('is never a number, a text or a date no backup can have', () => {
    expect(dated(2, '2024', at(2023))).toEqual(at(2023));
    expect(dated(at(1970), at(2001), at(9999))).toBeUndefined();
  });
});

describe('property lists that are broken', () => {
  const damaged = expect.objectContaining({ code: 'BACKUP_PLIST_DAMAGED' });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['no list', Buffer.from('x')],
    ['no dictionary', writeBinaryPlist(['x'])],
    ['cut off', manifestPlist({}).subarray(0, 100)],
  ])('are refused when one is %s', (_, bytes) => {
    const whole = {
      infoPlist: infoPlist({}),
      manifestPlist: manifestPlist({}),
      statusPlist: statusPlist({}),
    };

    expect(() => readBackupFacts({ ...whole, infoPlist: bytes })).toThrow(damaged);
    expect(() => readBackupFacts({ ...whole, manifestPlist: bytes })).toThrow(damaged);
    expect(() => readBackupFacts({ ...whole, statusPlist: bytes })).toThrow(damaged);
  });

  it('are read when every value lies about its type', () => {
    const odd = [7, true, 'text', [], {}, Buffer.alloc(3), new Date(0)];
    const keys = [
      'Device Name',
      'Product Type',
      'Date',
      'IsEncrypted',
      'Lockdown',
      'Applications',
      'Version',
    ];

    const facts = odd.map((value) => {
      const list = writeBinaryPlist(
        Object.fromEntries(
          [...keys, 'Installed Applications', 'SnapshotState'].map((key) => [key, value]),
        ),
      );
      return readBackupFacts({
        infoPlist: list,
        manifestPlist: list,
        statusPlist: list,
        folderName: EXAMPLE_UDID,
      });
    });

    expect(facts).toHaveLength(odd.length);
  });

  it('never fail in any other way, whatever bytes are changed', () => {
    const info = infoPlist({ apps: [{ bundleId: 'com.example.app' }] });
    const manifest = manifestPlist({ apps: [{ bundleId: 'com.example.app' }] });
    const status = statusPlist({});

    fc.assert(
      fc.property(mutations, (changes) =>
        onlyArchiveErrors(() =>
          readBackupFacts({
            infoPlist: mutate(info, changes),
            manifestPlist: mutate(manifest, changes),
            statusPlist: mutate(status, changes),
          }),
        ),
      ),
      { numRuns: 500 },
    );
  });
});
