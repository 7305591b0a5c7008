import { encodeEntries } from '@rootcellar/chunking';
import type { ChunkRef, FileEntry } from '@rootcellar/chunking';
import type { Schemas } from '@rootcellar/client';
import { ArchiveError, CHUNK_ID_BYTES, chunkIdFromBytes } from '@rootcellar/model';
import type { UploadId } from '@rootcellar/model';
import type { Service } from '../service.js';
import type { PushMemory } from './push-memory.js';
import { REF_BYTES } from '../crew/batch.js';

export interface CommitWork {
  readonly missingFiles: number;
  /** Sends whatever the memory does not know as stored. */
  readonly send: () => Promise<void>;
}

/** Each round sends what the last commit lacked; a vault that loses chunks faster is broken. */
const ROUNDS = 5;

/** Sends and commits until the service has all it needs. */
export async function commitBackup(
  service: Service,
  uploadId: UploadId,
  memory: PushMemory,
  work: CommitWork,
): Promise<Schemas['CommittedSnapshotDto']> {
  for (let round = 0; round < ROUNDS; round += 1) {
    await work.send();
    const result = await commit(service, uploadId, () => encodeEntries(entriesOf(memory)), {
      missingFiles: work.missingFiles,
      damagedFiles: memory.damagedFiles(),
    });
    if (result.snapshot !== null) return result.snapshot;
    forgetChunks(memory, new Set(result.missing));
  }
  throw new ArchiveError(
    'CHUNK_UNKNOWN',
    'The service lost chunks again and again; nothing was recorded.',
    {
      hint: 'Look at the health of its storage: `rootcellar admin scrub`.',
    },
  );
}

/** One commit request. The body is made anew when the request has to be repeated. */
export async function commit(
  service: Service,
  uploadId: UploadId,
  body: () => AsyncIterable<Uint8Array>,
  claims: { readonly missingFiles: number; readonly damagedFiles: number },
): Promise<Schemas['CommitDto']> {
  const query = `missingFiles=${String(claims.missingFiles)}&damagedFiles=${String(claims.damagedFiles)}`;
  const answer = await service.sendBulk({
    method: 'POST',
    path: `/api/v1/uploads/${uploadId}/commit?${query}`,
    contentType: 'application/vnd.rootcellar.entries',
    body,
  });
  return JSON.parse(answer.toString()) as Schemas['CommitDto'];
}

function* entriesOf(memory: PushMemory): Generator<FileEntry> {
  for (const page of memory.all()) {
    for (const { path, type, mtimeNs, size, refs } of page) {
      if (type === 'file' && refs === undefined) throw new RangeError('a file was not read');
      yield { path, type, mtimeNs, size, refs: refs === undefined ? [] : unpackRefs(refs) };
    }
  }
}

export function unpackRefs(packed: Uint8Array): ChunkRef[] {
  const view = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: view.length / REF_BYTES }, (_, n) => ({
    id: chunkIdFromBytes(view.subarray(n * REF_BYTES, n * REF_BYTES + CHUNK_ID_BYTES)),
    length: view.readUInt32LE(n * REF_BYTES + CHUNK_ID_BYTES),
  }));
}

function forgetChunks(memory: PushMemory, missing: ReadonlySet<string>): void {
  for (const page of memory.known()) {
    memory.batch(() => {
      for (const file of page) {
        if (file.refs !== undefined && unpackRefs(file.refs).some(({ id }) => missing.has(id)))
          memory.forget(file.path);
      }
    });
  }
}
