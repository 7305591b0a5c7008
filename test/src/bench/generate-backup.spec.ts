import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { completeBackup } from './complete-backup.js';
import { deviceOf } from './corpus/device.js';
import { carriesDigest } from './corpus/domains.js';
import type { PlistDictionary } from './corpus/plist.js';
import { readBinaryPlist } from './corpus/read-binary-plist.js';
import { evolveInPlace } from './evolve-backup.js';
import { generateBackup, generateDays } from './generate-backup.js';
import { generateManyFiles } from './generate-many-files.js';

const SEED = 7;
const SIZE_MIB = 8;

let room: string;
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'bench-spec-'));
});
afterEach(() => rmSync(room, { recursive: true }));

describe('generateBackup', () => {
  it('writes the same bytes for the same seed', () => {
    generateBackup({ folder: join(room, 'a'), seed: SEED, sizeMib: SIZE_MIB });
    generateBackup({ folder: join(room, 'b'), seed: SEED, sizeMib: SIZE_MIB });
    generateBackup({ folder: join(room, 'c'), seed: SEED + 1, sizeMib: SIZE_MIB });

    expect(contents(join(room, 'a'))).toEqual(contents(join(room, 'b')));
    expect(contents(join(room, 'a'))).not.toEqual(contents(join(room, 'c')));
  });

  it('has the 256 folders and about the size asked for', () => {
    const { bytes } = generateBackup({ folder: room, seed: SEED, sizeMib: SIZE_MIB });

    expect(readdirSync(room).filter((name) => /^[0-9a-f]{2}$/.test(name))).toHaveLength(256);
    expect(bytes / 2 ** 20 / SIZE_MIB).toBeGreaterThan(0.8);
    expect(bytes / 2 ** 20 / SIZE_MIB).toBeLessThan(1.5);
  });

  it('describes every payload truly', () => {
    generateBackup({ folder: room, seed: SEED, sizeMib: SIZE_MIB });

    expect(falsehoods(room)).toEqual([]);
  });

  it('lacks nothing a strict reader asks for', () => {
    generateBackup({ folder: room, seed: SEED, sizeMib: SIZE_MIB });

    expect(completeBackup(room, deviceOf(SEED))).toEqual([]);
  });
});

describe('evolveInPlace', () => {
  it('leaves inode and time of unchanged files, and describes the changed ones truly', () => {
    generateBackup({ folder: room, seed: SEED, sizeMib: SIZE_MIB });
    const before = identities(room);

    evolveInPlace({ folder: room, seed: SEED, day: 2 });

    const after = identities(room);
    const kept = [...after].filter(([path, identity]) => before.get(path) === identity);
    const fresh = [...after].filter(([path, identity]) => before.get(path) !== identity);
    expect(kept.length).toBeGreaterThan(before.size / 2);
    expect(fresh.length).toBeGreaterThan(4);
    expect(falsehoods(room)).toEqual([]);
  });

  it('comes to the same day by copying folders', () => {
    generateBackup({ folder: join(room, 'live'), seed: SEED, sizeMib: SIZE_MIB });
    evolveInPlace({ folder: join(room, 'live'), seed: SEED, day: 2 });

    generateDays(join(room, 'ios'), 2, { seed: SEED, sizeMib: SIZE_MIB });

    expect(contents(join(room, 'ios', 'day2'))).toEqual(contents(join(room, 'live')));
  });
});

describe('generateManyFiles', () => {
  it('writes as many files as asked for, no two alike', () => {
    generateManyFiles({ folder: room, seed: SEED, files: 300 });

    const payloads = [...contents(room)].filter(([path]) => path.includes('/'));
    expect(payloads).toHaveLength(300);
    expect(new Set(payloads.map(([, digest]) => digest)).size).toBe(300);
    expect(falsehoods(room)).toEqual([]);
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
}

function contents(folder: string): Map<string, string> {
  return new Map(
    filesIn(folder).map((path) => [path, sha1(readFileSync(join(folder, path))).toString('hex')]),
  );
}

function identities(folder: string): Map<string, string> {
  return new Map(
    filesIn(folder).map((path) => {
      const { ino, mtimeMs } = statSync(join(folder, path));
      return [path, `${ino} ${mtimeMs}`];
    }),
  );
}

/** What the manifest says and the disk does not bear out. */
function falsehoods(folder: string): string[] {
  const found: string[] = [];
  const url = pathToFileURL(join(folder, 'Manifest.db'));
  using database = new DatabaseSync(new URL(`${url.href}?immutable=1`), { readOnly: true });
  const rows = database.prepare('select * from Files').all();
  const payloads = new Set(filesIn(folder).filter((path) => path.includes('/')));
  for (const { domain, relativePath, flags, file, ...row } of rows) {
    const fileId = String(row['fileID']);
    const name = `${String(domain)}-${String(relativePath)}`;
    if (sha1(Buffer.from(name)).toString('hex') !== fileId) found.push(`id of ${name}`);
    if (flags !== 1) continue;
    const path = `${fileId.slice(0, 2)}/${fileId}`;
    if (!payloads.delete(path)) found.push(`no payload of ${name}`);
    const payload = readFileSync(join(folder, path));
    const entry = mbFile(Buffer.from(file as Uint8Array));
    if (entry.size !== payload.length) found.push(`size of ${name}`);
    const digest = carriesDigest(String(domain)) ? sha1(payload).toString('hex') : undefined;
    if (entry.digest !== digest) found.push(`digest of ${name}`);
  }
  return [...found, ...[...payloads].map((path) => `no row of ${path}`)];
}

function mbFile(blob: Buffer): { size: unknown; digest: string | undefined } {
  const archive = readBinaryPlist(blob) as unknown as { $objects: readonly PlistDictionary[] };
  const file = archive.$objects[1];
  const digest = file?.['Digest'] as { index: number } | undefined;
  const bytes = digest && (archive.$objects[digest.index] as unknown as Buffer);
  return { size: file?.['Size'], digest: bytes?.toString('hex') };
}

function sha1(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest();
}
