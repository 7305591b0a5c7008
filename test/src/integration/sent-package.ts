import type { Actor } from '@rootcellar/archive';
import {
  CHUNK_FRAME_BYTES,
  encodeBody,
  encodeEntries,
  writeChunkFrame,
} from '@rootcellar/chunking';
import { chunkIdToBytes, sha256 } from '@rootcellar/model';
import type { ArtifactId } from '@rootcellar/model';
import type { Archive } from '@rootcellar/platform';

const CHUNK_BYTES = 32 * 1024;

/** Adds a package as the agent would, cut every 32 KiB. */
export async function sendPackage(
  archive: Archive,
  actor: Actor,
  bytes: Buffer,
  { isPrivate = false }: { readonly isPrivate?: boolean } = {},
): Promise<ArtifactId> {
  const declared = { sha256: sha256(bytes), size: bytes.length, fileName: 'app.ipa' };
  const opened = await archive.openUpload.execute(actor, {
    ...{ kind: 'artifact', ...declared },
    ...(isPrivate ? { private: true } : {}),
  });
  if (opened.status !== 'open') throw new Error('it is kept already');
  const chunks = Array.from({ length: Math.ceil(bytes.length / CHUNK_BYTES) }, (_, at) =>
    bytes.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES),
  );
  for (const chunk of chunks) await sendChunk(archive, actor, opened.upload.id, chunk);
  const refs = chunks.map((chunk) => ({ id: sha256(chunk), length: chunk.length }));
  const entry = { path: 'app.ipa', type: 'file', mtimeNs: 0n, size: bytes.length, refs } as const;
  const committed = await archive.commitUpload.execute(
    ...([actor, opened.upload.id, encodeEntries([entry]), NOTHING_MISSED] as const),
  );
  if (!('artifactId' in committed)) throw new Error('a package was sent');
  return committed.artifactId;
}

const NOTHING_MISSED = { missingFiles: 0, damagedFiles: 0 };

async function sendChunk(
  archive: Archive,
  actor: Actor,
  uploadId: Parameters<Archive['receiveChunks']['receive']>[1],
  plain: Buffer,
): Promise<void> {
  const { codec, body } = encodeBody(plain);
  const frame = Buffer.alloc(CHUNK_FRAME_BYTES + body.length);
  const head = { id: chunkIdToBytes(sha256(plain)), codec, plainLength: plain.length };
  writeChunkFrame(frame, 0, head, body);
  await archive.receiveChunks.receive(actor, uploadId, (room) => {
    room.set(frame);
    return Promise.resolve(frame.length);
  });
}
