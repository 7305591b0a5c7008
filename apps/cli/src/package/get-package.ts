import { createHash, randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { ArchiveError } from '@rootcellar/model';
import type { Service } from '../service.js';
import { diskFailure } from '../restore/disk-failure.js';

/** Writes a package to a file; the file is there when it is whole and its SHA-256 is right, or not at all. */
export async function getPackage(
  service: Service,
  artifactId: string,
  target: string,
  onBytes: (bytes: number) => void,
): Promise<{ readonly sha256: string; readonly size: number }> {
  if ((await stat(target).catch(() => undefined)) !== undefined) {
    throw new ArchiveError(
      'RESTORE_TARGET_EXISTS',
      'The file exists already; it was not touched.',
      {
        hint: 'Give another name with --to, or remove the file.',
      },
    );
  }
  // A name of its own: a file of the user may be called `.part`.
  const partial = `${target}.${randomUUID()}.part`;
  try {
    return await service
      .persist(async () => fetchInto(service, artifactId, partial, onBytes))
      .then(async (got) => {
        await rename(partial, target);
        return got;
      });
  } catch (error) {
    await rm(partial, { force: true });
    throw diskFailure(error);
  }
}

async function fetchInto(
  service: Service,
  artifactId: string,
  partial: string,
  onBytes: (bytes: number) => void,
): Promise<{ readonly sha256: string; readonly size: number }> {
  const { headers, body } = await service.receive(
    `/api/v1/artifacts/${encodeURIComponent(artifactId)}/content`,
  );
  const digest = createHash('sha256');
  let size = 0;
  await using file = await open(partial, 'w');
  for await (const piece of body as AsyncIterable<Buffer>) {
    digest.update(piece);
    await file.writeFile(piece);
    size += piece.length;
    onBytes(piece.length);
  }
  await file.sync();
  const sha256 = digest.digest('hex');
  if (sha256 !== headers['x-content-sha256']) {
    throw new ArchiveError(
      'CHUNK_DAMAGED',
      'What arrived is not the package that was kept; nothing was written.',
      {
        hint: 'Run the command again; if it happens again, run `rootcellar admin scrub`.',
      },
    );
  }
  return { sha256, size };
}
