import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { completeBackup, udidOf } from './complete-backup.js';
import { deviceOf } from './corpus/device.js';
import { changeManifest } from './corpus/manifest-database.js';
import { readBinaryPlist } from './corpus/read-binary-plist.js';
import { writeBinaryPlist } from './corpus/write-binary-plist.js';
import { generateBackup } from './generate-backup.js';

const device = deviceOf(3);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-spec-'));
  generateBackup({ folder, seed: 3, sizeMib: 4 });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('completeBackup', () => {
  it('says whose backup it is and that it was finished', () => {
    const plain = writeBinaryPlist({ 'Device Name': 'iPhone', 'Last Backup Date': 2 });
    writeFileSync(join(folder, 'Info.plist'), plain);
    writeFileSync(join(folder, 'Manifest.plist'), writeBinaryPlist({ IsEncrypted: false }));
    writeFileSync(join(folder, 'Status.plist'), writeBinaryPlist({ BackupState: 'new' }));

    completeBackup(folder, device);

    expect(read('Info.plist')).toMatchObject({
      'Device Name': 'iPhone',
      'Last Backup Date': expect.any(Date),
      'Unique Identifier': device.udid,
    });
    expect(read('Status.plist')).toEqual({ BackupState: 'new', SnapshotState: 'finished' });
    expect(udidOf(folder)).toBe(device.udid);
  });

  it('adds keys to an XML property list', () => {
    const path = join(folder, 'Info.plist');
    const without = readFileSync(path, 'utf8').replace(/\t<key>Serial Number<.*\n.*\n/, '');
    writeFileSync(path, without);

    const added = completeBackup(folder, device);

    expect(added).toEqual(['Info.plist: Serial Number']);
    expect(readFileSync(path, 'utf8')).toContain(`<string>${device.serialNumber}</string>`);
  });

  it('puts untrue digests right, byte for byte', () => {
    const path = join(folder, 'Manifest.db');
    const before = digests(path);
    const rows = blobs(path);
    changeManifest(path, (sqlite) => {
      const update = sqlite.prepare('update Files set file = ? where rowid = ?');
      rows.forEach(({ id, file }) => update.run(withFalseDigest(file), id));
    });
    expect(digests(path)).not.toEqual(before);

    const added = completeBackup(folder, device);

    expect(added).toEqual([expect.stringMatching(/^Manifest.db: \d+ digests$/)]);
    expect(digests(path)).toEqual(before);
  });
});

function read(name: string): unknown {
  return readBinaryPlist(readFileSync(join(folder, name)));
}

function digests(path: string): string[] {
  return blobs(path).map(({ file }) => createHash('sha1').update(file).digest('hex'));
}

function blobs(path: string): { id: number; file: Buffer }[] {
  let rows: { id: number; file: Buffer }[] = [];
  changeManifest(path, (sqlite) => {
    rows = sqlite
      .prepare('select rowid as id, file from Files where flags = 1 order by rowid')
      .all()
      .map(({ id, file }) => ({ id: Number(id), file: Buffer.from(file as Uint8Array) }));
  });
  return rows;
}

/** Data of 20 bytes is marked 0x4f 0x10 0x14. */
function withFalseDigest(blob: Buffer): Buffer {
  const at = blob.indexOf(Buffer.from([0x4f, 0x10, 0x14]));
  return at < 0 ? blob : Buffer.from(blob).fill(0xab, at + 3, at + 23);
}
