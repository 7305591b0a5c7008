import type { Actor } from '@rootcellar/archive';
import { encodeEntries } from '@rootcellar/chunking';
import { sha256 } from '@rootcellar/model';
import type { ArtifactId } from '@rootcellar/model';
import type { Archive } from '@rootcellar/platform';
import { frameOf, sendChunks } from './sent-backup.js';

/** Adds a package as the agent does: one file, one chunk. */
export async function sendPackage(
  archive: Archive,
  actor: Actor,
  bytes: Buffer,
): Promise<ArtifactId> {
  const digest = sha256(bytes);
  const declared = { kind: 'artifact', sha256: digest, size: bytes.length, fileName: 'app.ipa' };
  const opened = await archive.openUpload.execute(actor, declared as never);
  if (opened.status !== 'open') throw new Error('kept already');
  const uploadId = opened.upload.id;
  const refs = [{ id: digest, length: bytes.length }];
  const entry = { path: 'app.ipa', type: 'file', mtimeNs: 0n, size: bytes.length, refs } as const;
  const backup = { udid: '', entries: [entry], body: frameOf(bytes) };
  await sendChunks(archive, actor, { uploadId, backup });
  const claims = { missingFiles: 0, damagedFiles: 0 };
  const result = await archive.commitUpload.execute(actor, uploadId, encodeEntries([entry]), claims);
  if (!('artifactId' in result)) throw new Error(result.status);
  return result.artifactId;
}
