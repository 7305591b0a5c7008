import { hash } from 'node:crypto';
import type { Actor, CommittedArtifact } from '@rootcellar/archive';
import { encodeEntries } from '@rootcellar/chunking';
import { buildPackage } from '@rootcellar/ios/testing';
import type { PackageSpec } from '@rootcellar/ios/testing';
import { sha256 } from '@rootcellar/model';
import type { Archive } from '@rootcellar/platform';
import { frameOf } from './sent-backup.js';

/** Keeps a small package: its bytes are one chunk. */
export async function addPackage(
  archive: Archive,
  actor: Actor,
  { isPrivate, ...spec }: PackageSpec & { readonly isPrivate?: true },
): Promise<CommittedArtifact> {
  const bytes = buildPackage(spec);
  const opened = await archive.openUpload.execute(actor, {
    ...{ kind: 'artifact', sha256: hash('sha256', bytes, 'hex'), size: bytes.length },
    fileName: `${spec.bundleId ?? 'com.example.app'}-${spec.version ?? '1.0'}.ipa`,
    ...(isPrivate === undefined ? {} : { private: isPrivate }),
  });
  if (opened.status !== 'open') throw new Error('this package is kept already');
  const frame = frameOf(bytes);
  await archive.receiveChunks.receive(actor, opened.upload.id, (room) => {
    room.set(frame);
    return Promise.resolve(frame.length);
  });
  const entry = {
    ...{ path: 'package.ipa', type: 'file' as const, mtimeNs: 0n, size: bytes.length },
    refs: [{ id: sha256(bytes), length: bytes.length }],
  };
  const claims = { missingFiles: 0, damagedFiles: 0 };
  const result = await archive.commitUpload.execute(
    actor,
    opened.upload.id,
    encodeEntries([entry]),
    claims,
  );
  if (!('artifactId' in result)) throw new Error('a package was sent');
  return result;
}
