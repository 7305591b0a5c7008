import { createHash } from 'node:crypto';
import { existsSync, openSync, closeSync, readSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { secondsOfDay } from './corpus/device.js';
import type { Device } from './corpus/device.js';
import { changeManifest } from './corpus/manifest-database.js';
import { PlistUid, isDictionary } from './corpus/plist.js';
import type { PlistDictionary, PlistValue } from './corpus/plist.js';
import { isBinaryPlist, readBinaryPlist } from './corpus/read-binary-plist.js';
import { writeBinaryPlist } from './corpus/write-binary-plist.js';
import { xmlEntry } from './corpus/write-xml-plist.js';

const SQLITE_HEAD = 'SQLite format 3\0';
const ROWS_AT_ONCE = 500;

/** The UDID a backup folder says it belongs to, if it does. */
export function udidOf(folder: string): string | undefined {
  const manifest = dictionaryOf(readFileSync(join(folder, 'Manifest.plist')));
  const lockdown = manifest?.['Lockdown'];
  const udid = isDictionary(lockdown) ? lockdown['UniqueDeviceID'] : undefined;
  return typeof udid === 'string' ? udid : undefined;
}

/**
 * Adds what a strict reader asks for and a generated folder may lack: that the run was finished, whose backup it
 * is, dates that are dates, digests that are true. Says what it added; nothing for a complete folder.
 */
export function completeBackup(folder: string, device: Device): string[] {
  return [
    ...completePlist(join(folder, 'Status.plist'), { SnapshotState: 'finished' }),
    ...completePlist(join(folder, 'Info.plist'), {
      'Device Name': device.name,
      'Product Type': device.productType,
      'Serial Number': device.serialNumber,
      'Target Identifier': device.udid,
      'Unique Identifier': device.udid.toUpperCase(),
    }),
    ...completePlist(join(folder, 'Manifest.plist'), {
      Lockdown: {
        BuildVersion: device.build,
        DeviceName: device.name,
        ProductType: device.productType,
        ProductVersion: device.productVersion,
        SerialNumber: device.serialNumber,
        UniqueDeviceID: device.udid,
      },
    }),
    ...completeDigests(folder),
  ];
}

/** Keys that are missing, and day numbers where dates belong. */
function completePlist(path: string, wanted: PlistDictionary): string[] {
  const bytes = existsSync(path) ? readFileSync(path) : writeBinaryPlist({});
  const dictionary = dictionaryOf(bytes);
  if (dictionary === undefined) return completeXml(path, bytes.toString(), wanted);
  const missing = Object.entries(wanted).filter(([key]) => !(key in dictionary));
  const dates = Object.entries(dictionary).flatMap(([key, value]): [string, PlistValue][] =>
    /^(Last Backup )?Date$/.test(key) && typeof value === 'number'
      ? [[key, new Date(secondsOfDay(value) * 1000)]]
      : [],
  );
  const added = [...missing, ...dates];
  if (added.length === 0) return [];
  writeFileSync(path, writeBinaryPlist({ ...dictionary, ...Object.fromEntries(added) }));
  return added.map(([key]) => said(path, key));
}

function completeXml(path: string, text: string, wanted: PlistDictionary): string[] {
  const missing = Object.entries(wanted).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' && !text.includes(`<key>${key}</key>`) ? [[key, value]] : [],
  );
  if (missing.length === 0) return [];
  const entries = missing.map(([key, value]) => xmlEntry(key, value)).join('\n');
  writeFileSync(path, text.replace('<dict>', `<dict>\n${entries}`));
  return missing.map(([key]) => said(path, key));
}

function dictionaryOf(bytes: Buffer): PlistDictionary | undefined {
  if (!isBinaryPlist(bytes)) return undefined;
  const value = readBinaryPlist(bytes);
  return isDictionary(value) ? value : undefined;
}

function said(path: string, key: string): string {
  return `${path.slice(path.lastIndexOf('/') + 1)}: ${key}`;
}

/** Puts the true SHA-1 where another one stands; rows keep their size, so the database keeps its pages. */
function completeDigests(folder: string): string[] {
  const path = join(folder, 'Manifest.db');
  if (!isPlainDatabase(path)) return [];
  let mended = 0;
  changeManifest(path, (sqlite) => {
    const update = sqlite.prepare('update Files set file = ? where rowid = ?');
    for (const row of fileRows(sqlite)) {
      const blob = withTrueDigest(row.blob, join(folder, row.fileId.slice(0, 2), row.fileId));
      if (blob === undefined) continue;
      update.run(blob, row.id);
      mended += 1;
    }
  });
  return mended === 0 ? [] : [`Manifest.db: ${mended} digests`];
}

function isPlainDatabase(path: string): boolean {
  const head = Buffer.alloc(SQLITE_HEAD.length);
  const file = openSync(path, 'r');
  readSync(file, head, 0, head.length, 0);
  closeSync(file);
  return head.toString('latin1') === SQLITE_HEAD;
}

function* fileRows(
  sqlite: DatabaseSync,
): Generator<{ readonly id: number; readonly fileId: string; readonly blob: Buffer }> {
  const page = sqlite.prepare(
    'select rowid as id, fileID, file from Files where flags = 1 and rowid > ? order by rowid limit ?',
  );
  for (let last = 0; ;) {
    const rows = page.all(last, ROWS_AT_ONCE);
    for (const { id, fileID, file } of rows) {
      last = Number(id);
      if (file instanceof Uint8Array) {
        yield { id: last, fileId: String(fileID), blob: Buffer.from(file) };
      }
    }
    if (rows.length < ROWS_AT_ONCE) return;
  }
}

/** The blob with its digest put right; undefined when there is none, or nothing to put right. */
function withTrueDigest(blob: Buffer, payload: string): Buffer | undefined {
  const digest = digestOf(readBinaryPlist(blob));
  if (digest === undefined || !existsSync(payload)) return undefined;
  const truth = createHash('sha1').update(readFileSync(payload)).digest();
  if (truth.equals(digest)) return undefined;
  truth.copy(blob, blob.indexOf(digest));
  return blob;
}

function digestOf(archive: PlistValue): Buffer | undefined {
  if (!isDictionary(archive)) return undefined;
  const objects = archive['$objects'];
  if (!Array.isArray(objects)) return undefined;
  const [, file] = objects as readonly PlistValue[];
  const reference = isDictionary(file) ? file['Digest'] : undefined;
  if (!(reference instanceof PlistUid)) return undefined;
  const digest = (objects as readonly PlistValue[])[reference.index];
  return Buffer.isBuffer(digest) ? digest : undefined;
}
