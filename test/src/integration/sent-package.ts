import type { Actor } from '@rootcellar/archive';
import { encodeEntries } from '@rootcellar/chunking';
import { sha256 } from '@rootcellar/model';
import type { ArtifactId } from '@rootcellar/model';
import type { Archive } from '@rootcellar/platform';
import { frameOf, sendChunks } from './sent-backup.js';

const CHUNK_BYTES = 32 * 1024;

/** Adds a package as the agent does: one file, cut every 32 KiB. */
export async function sendPackage(
  archive: Archive,
  actor: Actor,
  bytes: Buffer,
  { isPrivate = false }: { readonly isPrivate?: boolean } = {},
): Promise<ArtifactId> {
  const opened = await archive.openUpload.execute(actor, {
    ...({ kind: 'artifact', sha256: sha256(bytes), size: bytes.length } as const),
    ...{ fileName: 'app.ipa', ...(isPrivate ? { private: true as const } : {}) },
  });
  if (opened.status !== 'open') throw new Error('kept already');
  const uploadId = opened.upload.id;
  const chunks = Array.from({ length: Math.ceil(bytes.length / CHUNK_BYTES) }, (_, at) =>
    bytes.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES),
  );
  const refs = chunks.map((chunk) => ({ id: sha256(chunk), length: chunk.length }));
  const entry = { path: 'app.ipa', type: 'file', mtimeNs: 0n, size: bytes.length, refs } as const;
  for (const chunk of chunks) {
    const backup = { udid: '', entries: [entry], body: frameOf(chunk) };
    await sendChunks(archive, actor, { uploadId, backup });
  }
  const claims = { missingFiles: 0, damagedFiles: 0 };
  const result = await archive.commitUpload.execute(
    actor,
    uploadId,
    encodeEntries([entry]),
    claims,
  );
  if (!('artifactId' in result)) throw new Error(result.status);
  return result.artifactId;
}
