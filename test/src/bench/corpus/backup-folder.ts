import { createHash } from 'node:crypto';
import { closeSync, futimesSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBackupPlists } from './backup-plists.js';
import { secondsOfDay } from './device.js';
import type { Device } from './device.js';
import { carriesDigest } from './domains.js';
import { openManifest } from './manifest-database.js';
import { FLAG_FILE, FLAG_FOLDER, fileIdOf } from './manifest-row.js';

/** Where a file lives on the device. */
export interface DevicePath {
  readonly domain: string;
  readonly relativePath: string;
}

/** What one session did to a folder. */
export interface BackupTotals {
  readonly files: number;
  /** Bytes of the payloads written or adopted. */
  readonly bytes: number;
}

/** One backup run of a device: payloads first, manifest and property lists at `finish`. */
export interface BackupSession {
  /** Writes a payload as a device does: a new file takes the old one's place. */
  write(path: DevicePath, content: Buffer): void;
  /** Takes in a payload that was made or changed in its place. */
  adopt(path: DevicePath): number;
  payload(path: DevicePath): string;
  remove(path: DevicePath): void;
  /** The files the manifest held when the session began, by file id. */
  files(): DevicePath[];
  finish(device: Device): BackupTotals;
}

const TOP_FILES = ['Info.plist', 'Manifest.db', 'Manifest.plist', 'Status.plist'];

/** Makes the 256 payload folders; harmless where they are. */
export function makePayloadFolders(folder: string): void {
  for (let number = 0; number < 256; number += 1) {
    mkdirSync(join(folder, number.toString(16).padStart(2, '0')), { recursive: true });
  }
}

export function openBackupFolder(folder: string, day: number): BackupSession {
  const manifest = openManifest(join(folder, 'Manifest.db'));
  const modified = secondsOfDay(day);
  const folders = new Set<string>();
  let [files, bytes] = [0, 0];

  function payloadPath({ domain, relativePath }: DevicePath): string {
    const fileId = fileIdOf(domain, relativePath);
    return join(folder, fileId.slice(0, 2), fileId);
  }

  function note(path: DevicePath, size: number, digest: Buffer | undefined): void {
    noteFolders(path);
    manifest.put({ ...path, flags: FLAG_FILE, size, modified, digest });
    files += 1;
    bytes += size;
  }

  function noteFolders({ domain, relativePath }: DevicePath): void {
    for (let path = relativePath; path !== '';) {
      path = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      const key = `${domain}-${path}`;
      if (folders.has(key)) return;
      folders.add(key);
      manifest.put({ domain, relativePath: path, flags: FLAG_FOLDER, size: 0, modified });
    }
  }

  return {
    write(path, content) {
      writeWhole(payloadPath(path), content, modified);
      note(path, content.length, carriesDigest(path.domain) ? sha1(content) : undefined);
    },
    adopt(path) {
      const payload = payloadPath(path);
      utimesSync(payload, modified, modified);
      const { size } = statSync(payload);
      note(path, size, carriesDigest(path.domain) ? sha1(readFileSync(payload)) : undefined);
      return size;
    },
    payload: payloadPath,
    remove(path) {
      rmSync(payloadPath(path));
      manifest.remove(fileIdOf(path.domain, path.relativePath));
    },
    files: () =>
      manifest.sqlite
        .prepare('select domain, relativePath from Files where flags = 1 order by fileID')
        .all()
        .map((row) => ({
          domain: String(row['domain']),
          relativePath: String(row['relativePath']),
        })),
    finish(device) {
      manifest.close();
      writeBackupPlists(folder, device, day);
      for (const name of TOP_FILES) utimesSync(join(folder, name), modified, modified);
      return { files, bytes };
    },
  };
}

function writeWhole(path: string, content: Buffer, modified: number): void {
  const partial = `${path}.tmp`;
  const file = openSync(partial, 'w');
  writeFileSync(file, content);
  futimesSync(file, modified, modified);
  closeSync(file);
  renameSync(partial, path);
}

function sha1(content: Buffer): Buffer {
  return createHash('sha1').update(content).digest();
}
