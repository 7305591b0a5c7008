import { createHash } from 'node:crypto';
import { PlistUid } from './plist.js';
import type { PlistValue } from './plist.js';
import { writeBinaryPlist } from './write-binary-plist.js';

export const FLAG_FILE = 1;
export const FLAG_FOLDER = 2;

/** A file or folder of the device, as `Manifest.db` knows it. */
export interface ManifestRow {
  readonly domain: string;
  readonly relativePath: string;
  readonly flags: typeof FLAG_FILE | typeof FLAG_FOLDER;
  /** Bytes. */
  readonly size: number;
  /** Unix seconds. */
  readonly modified: number;
  /** SHA-1 of the payload, 20 bytes. */
  readonly digest?: Buffer | undefined;
}

const MODE_FILE = 0o100_644;
const MODE_FOLDER = 0o040_755;
const BIRTH_S = 1_600_000_000;
const MOBILE_USER = 501;

export function fileIdOf(domain: string, relativePath: string): string {
  return createHash('sha1').update(`${domain}-${relativePath}`).digest('hex');
}

/** The `file` column: an MBFile in NSKeyedArchiver's form, objects in the order iOS writes them. */
export function manifestBlob(row: ManifestRow, fileId: string): Buffer {
  const folder = row.flags === FLAG_FOLDER;
  const objects: PlistValue[] = ['$null', {}, row.relativePath];
  if (row.digest !== undefined) objects.push(row.digest);
  const classAt = objects.push({ $classname: 'MBFile', $classes: ['MBFile', 'NSObject'] }) - 1;
  objects[1] = {
    LastModified: row.modified,
    Flags: 0,
    GroupID: MOBILE_USER,
    $class: new PlistUid(classAt),
    LastStatusChange: row.modified,
    RelativePath: new PlistUid(2),
    Birth: BIRTH_S,
    Size: row.size,
    Mode: folder ? MODE_FOLDER : MODE_FILE,
    UserID: MOBILE_USER,
    ...(row.digest === undefined ? {} : { Digest: new PlistUid(3) }),
    InodeNumber: Number.parseInt(fileId.slice(0, 8), 16),
    ProtectionClass: folder ? 0 : 3,
  };
  return writeBinaryPlist({
    $version: 100_000,
    $archiver: 'NSKeyedArchiver',
    $top: { root: new PlistUid(1) },
    $objects: objects,
  });
}
