import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor } from '@rootcellar/archive';
import {
  CHUNK_FRAME_BYTES,
  encodeBody,
  encodeEntries,
  writeChunkFrame,
} from '@rootcellar/chunking';
import type { FileEntry } from '@rootcellar/chunking';
import { buildBackup } from '@rootcellar/ios/testing';
import type { BackupSpec } from '@rootcellar/ios/testing';
import { chunkIdToBytes, comparePaths, sha256 } from '@rootcellar/model';
import type { UploadId } from '@rootcellar/model';
import type { Archive } from '@rootcellar/platform';

/** A backup in memory: every file is one chunk. */
export interface SmallBackup {
  readonly udid: string;
  readonly entries: readonly FileEntry[];
  /** The body that carries all its chunks. */
  readonly body: Uint8Array;
}

/** A backup as the agent would read it. */
export async function smallBackup(folder: string, spec: BackupSpec = {}): Promise<SmallBackup> {
  const built = await buildBackup(folder, { folders: 'needed', ...spec });
  const paths = ['', ...(await readdir(built.folder, { recursive: true, encoding: 'utf8' }))];
  const entries: FileEntry[] = [];
  const frames: Uint8Array[] = [];
  for (const path of paths.sort(comparePaths)) {
    const facts = await lstat(join(built.folder, path), { bigint: true });
    const { mtimeNs } = facts;
    if (facts.isDirectory()) entries.push({ path, type: 'folder', mtimeNs, size: 0, refs: [] });
    else {
      const plain = await readFile(join(built.folder, path));
      const refs = plain.length === 0 ? [] : [{ id: sha256(plain), length: plain.length }];
      entries.push({ path, type: 'file', mtimeNs, size: plain.length, refs });
      if (plain.length > 0) frames.push(frameOf(plain));
    }
  }
  return { udid: built.udid, entries, body: Buffer.concat(frames) };
}

/** Opens an upload for a backup. */
export async function openUploadFor(
  archive: Archive,
  actor: Actor,
  { udid }: SmallBackup,
): Promise<UploadId> {
  const declared = { kind: 'snapshot', udid, deviceName: 'Test iPhone' } as const;
  const opened = await archive.openUpload.execute(actor, declared);
  if (opened.status !== 'open') throw new Error('an upload was asked for');
  return opened.upload.id;
}

/** Opens an upload and sends all chunks. */
export async function sendBackup(
  archive: Archive,
  actor: Actor,
  backup: SmallBackup,
): Promise<UploadId> {
  const uploadId = await openUploadFor(archive, actor, backup);
  await sendChunks(archive, actor, { uploadId, backup });
  return uploadId;
}

export async function sendChunks(
  archive: Archive,
  actor: Actor,
  { uploadId, backup }: { readonly uploadId: UploadId; readonly backup: SmallBackup },
): Promise<void> {
  await archive.receiveChunks.receive(actor, uploadId, (room) => {
    room.set(backup.body);
    return Promise.resolve(backup.body.length);
  });
}

export async function commitBackup(
  commit: Archive['commitUpload'],
  actor: Actor,
  { uploadId, backup }: { readonly uploadId: UploadId; readonly backup: SmallBackup },
): ReturnType<Archive['commitUpload']['execute']> {
  const claims = { missingFiles: 0, damagedFiles: 0 };
  return commit.execute(actor, uploadId, encodeEntries(backup.entries), claims);
}

function frameOf(plain: Buffer): Uint8Array {
  const { codec, body } = encodeBody(plain);
  const frame = Buffer.alloc(CHUNK_FRAME_BYTES + body.length);
  const head = { id: chunkIdToBytes(sha256(plain)), codec, plainLength: plain.length };
  writeChunkFrame(frame, 0, head, body);
  return frame;
}
