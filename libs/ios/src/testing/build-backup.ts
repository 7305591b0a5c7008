import { createCipheriv, hash } from 'node:crypto';
import { mkdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileIdOf } from '../manifest/file-id.js';
import { EXAMPLE_UDID, infoPlist, manifestPlist, statusPlist } from './backup-plists.js';
import { EXAMPLE_FILES } from './backup-spec.js';
import type { BackupFileSpec, BackupSpec } from './backup-spec.js';
import { writeManifestBlob } from './write-manifest-blob.js';
import { writeManifestDb } from './write-manifest-db.js';

/** A row that was written. */
export interface BuiltFile {
  readonly fileId: string;
  readonly domain: string;
  readonly path: string;
  readonly type: 'file' | 'folder' | 'link';
  /** The plain bytes of a file. */
  readonly content: Buffer;
  /** The bytes in the backup; `undefined` when there is no payload. */
  readonly payload: Buffer | undefined;
  /** Seconds since 1970. */
  readonly mtime: number;
}

export interface BuiltBackup {
  /** The backup folder itself. */
  readonly folder: string;
  readonly udid: string;
  /** In ascending order of fileID, as in Manifest.db's primary key. */
  readonly files: readonly BuiltFile[];
}

const FLAGS = { file: 1, folder: 2, link: 4 } as const;
const MODES = { file: 0o100644, folder: 0o040755, link: 0o120755 } as const;
const MTIME = 1_700_000_000;

/**
 * Writes a MobileSync folder into `dir`, faithful unless the spec breaks something: Info.plist in XML, Manifest.plist
 * and Status.plist binary, Manifest.db marked as WAL, payloads with their fileIDs and times. The same spec gives the
 * same payloads and rows.
 */
export async function buildBackup(dir: string, spec: BackupSpec = {}): Promise<BuiltBackup> {
  const udid = spec.udid ?? EXAMPLE_UDID;
  const folder = join(dir, spec.folderName ?? udid);
  await mkdir(folder, { recursive: true });
  const built = (spec.files ?? EXAMPLE_FILES).map((file) =>
    buildFile(file, spec.encrypted === true),
  );
  const files = built.map(({ file }) => file);
  files.sort((a, b) => (a.fileId < b.fileId ? -1 : 1));
  await writeFolders(folder, spec, files);
  for (const file of files) await writePayload(folder, file);
  await writePlist(join(folder, 'Info.plist'), spec.infoPlist, () => infoPlist(spec));
  await writePlist(join(folder, 'Manifest.plist'), spec.manifestPlist, () => manifestPlist(spec));
  await writePlist(join(folder, 'Status.plist'), spec.statusPlist, () => statusPlist(spec));
  const options = spec.manifestSchema === undefined ? {} : { schema: spec.manifestSchema };
  await writeManifestDb(
    join(folder, 'Manifest.db'),
    built.map(({ row }) => row),
    options,
  );
  await finishManifest(join(folder, 'Manifest.db'), spec);
  return { folder, udid, files };
}

interface Built {
  readonly file: BuiltFile;
  readonly row: {
    readonly fileId: string;
    readonly domain: string;
    readonly relativePath: string;
    readonly flags: number;
    readonly blob: Uint8Array | null;
  };
}

function buildFile(spec: BackupFileSpec, encrypted: boolean): Built {
  const { domain, path, type = 'file', mtime = MTIME } = spec;
  const fileId = spec.fileId ?? fileIdOf(domain, path);
  const content = Buffer.from(spec.content ?? '');
  const stored = encrypted ? encryptedLooking(content) : content;
  const payload = type === 'file' && spec.missing !== true ? stored : undefined;
  const blob = spec.blob === undefined ? blobOf(spec, { content, stored, encrypted }) : spec.blob;
  return {
    file: { fileId, domain, path, type, content, payload, mtime },
    row: { fileId, domain, relativePath: path, flags: spec.flags ?? FLAGS[type], blob },
  };
}

interface Bytes {
  readonly content: Buffer;
  readonly stored: Buffer;
  readonly encrypted: boolean;
}

function blobOf(spec: BackupFileSpec, { content, stored, encrypted }: Bytes): Buffer {
  const { type = 'file', digest = 'none' } = spec;
  const digestOf = digest === 'wrong' ? Buffer.concat([stored, Buffer.of(0)]) : stored;
  return writeManifestBlob({
    relativePath: spec.path,
    size: content.length,
    mode: spec.mode ?? MODES[type],
    lastModified: spec.mtime ?? MTIME,
    protectionClass: spec.protectionClass ?? (type === 'file' ? 3 : 0),
    ...(digest === 'none' ? {} : { digest: hash('sha1', digestOf, 'buffer') }),
    ...(spec.target === undefined ? {} : { target: spec.target }),
    ...(encrypted && type === 'file' ? { encryptionKey: Buffer.alloc(44, 0x03) } : {}),
  });
}

async function writeFolders(
  folder: string,
  spec: BackupSpec,
  files: readonly BuiltFile[],
): Promise<void> {
  const needed = files.filter(({ payload }) => payload !== undefined);
  const names = needed.map(({ fileId }) => fileId.slice(0, 2));
  const all = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
  for (const name of new Set(spec.folders === 'needed' ? names : [...all, ...names]))
    await mkdir(join(folder, name), { recursive: true });
}

async function writePayload(folder: string, { fileId, payload, mtime }: BuiltFile): Promise<void> {
  if (payload === undefined) return;
  const path = join(folder, fileId.slice(0, 2), fileId);
  await writeFile(path, payload);
  await utimes(path, mtime, mtime);
}

async function writePlist(
  path: string,
  given: Uint8Array | null | undefined,
  make: () => Buffer,
): Promise<void> {
  if (given !== null) await writeFile(path, given ?? make());
}

async function finishManifest(path: string, spec: BackupSpec): Promise<void> {
  const whole = await readFile(path);
  if (spec.encrypted === true) await writeFile(path, encryptedLooking(whole));
  switch (spec.manifestDamage) {
    case 'empty':
      return truncate(path, 0);
    case 'truncated':
      return truncate(path, Math.floor(whole.length / 2) - 1);
    case 'garbage':
      return writeFile(path, Buffer.alloc(whole.length, 'garbage'));
    case 'missing':
      return rm(path);
    case 'mbdb-era':
      await rm(path);
      return writeFile(join(path, '../Manifest.mbdb'), Buffer.from('mbdb\x05\0', 'latin1'));
    case undefined:
  }
}

/** AES-256-CBC with a zero IV, as iOS does it, and a key nobody needs: the same bytes give the same ciphertext. */
function encryptedLooking(plain: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-cbc', Buffer.alloc(32, 0x52), Buffer.alloc(16));
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}
