import { open, realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { SlabPool, encodeEntries } from '@rootcellar/chunking';
import { inspectAndroidPackage } from '@rootcellar/android';
import { findSeams, inspectPackage, readerOfFile } from '@rootcellar/ios';
import { ArchiveError, readableText } from '@rootcellar/model';
import type { UploadId } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import { BATCH_MAX_BYTES, SLAB_BYTES, packRefs } from '../crew/batch.js';
import type { FileToCut } from '../crew/cut-files.js';
import type { Crew } from '../crew/crew.js';
import { systemErrorCode } from '../error-code.js';
import { Backlog } from '../push/backlog.js';
import { ChunkShipper } from '../push/chunk-shipper.js';
import { commit, unpackRefs } from '../push/commit-backup.js';
import { sendLargeFile } from '../push/send-file.js';
import type { Service } from '../service.js';

export interface AddParts {
  readonly service: Service;
  readonly crew: Crew;
  /** Kept for oneself alone. */
  readonly isPrivate?: boolean;
  readonly onSent: (bytes: number) => void;
}

/** What became of one package file. */
export interface AddedPackage {
  readonly status: 'added' | 'already-kept';
  readonly artifactId: string;
  readonly bundleId: string;
  readonly version: string | null;
  readonly build: string | null;
  readonly externalVersionId: string | null;
  /** SHA-256 of the file, as hex digits. */
  readonly sha256: string;
  readonly sentBytes: number;
}

const BATCHES_UNDERWAY = 4;
const ROUNDS = 3;

/**
 * Adds one package: looks whether it is one, says its SHA-256, sends what is lacking.
 * @throws ArchiveError PACKAGE_…, and what sending throws
 */
export async function addPackage(parts: AddParts, path: string): Promise<AddedPackage> {
  const { file, facts, digest } = await examine(parts.crew, path).catch((error: unknown) => {
    throw systemErrorCode(error) === undefined ? error : unreadable(error);
  });
  if (digest === undefined) throw changing();
  const sha256 = Buffer.from(digest).toString('hex');
  const { bundleId, version, build } = facts;
  const known = {
    bundleId,
    version: version ?? null,
    build: build ?? null,
    externalVersionId: facts.externalVersionId ?? null,
    sha256,
  };

  const opened = await parts.service.call(async (api, signal) =>
    api.POST('/api/v1/uploads', {
      signal,
      body: {
        kind: 'artifact',
        sha256,
        size: file.size,
        fileName: readableText(basename(path), 255, 'package.ipa'),
        ...(parts.isPrivate === true ? { private: true } : {}),
      },
    }),
  );
  const { artifactId } = opened;
  if (artifactId !== null) {
    if (parts.isPrivate === true) await keepToOneself(parts.service, artifactId);
    return { status: 'already-kept', artifactId, ...known, sentBytes: 0 };
  }
  if (opened.uploadId === null || opened.gearSeed === null) {
    throw new ArchiveError('PROTOCOL_BROKEN', 'The service opened no upload.');
  }
  const uploadId = opened.uploadId as UploadId;
  const shipper = new ChunkShipper(parts.service, parts.crew, uploadId);
  const seed = Buffer.from(opened.gearSeed, 'base64');
  const { status, artifact } = await sendAndCommit(
    { ...parts, shipper, seed },
    uploadId,
    file,
    basename(path),
  );
  if (artifact === null || (status !== 'added' && status !== 'already-kept')) {
    throw new ArchiveError('PROTOCOL_BROKEN', 'The service answered a commit with something else.');
  }
  return {
    status,
    artifactId: artifact.artifactId,
    ...known,
    sentBytes: shipper.shipped.sentBytes,
  };
}

/** One's own from before, which may be in the household's library. */
async function keepToOneself(service: Service, id: string): Promise<void> {
  await service.call(async (api, signal) =>
    api.PUT('/api/v1/artifacts/{id}/private', {
      params: { path: { id } },
      body: { private: true },
      signal,
    }),
  );
}

type Sending = AddParts & { readonly shipper: ChunkShipper; readonly seed: Uint8Array };

async function sendAndCommit(
  parts: Sending,
  uploadId: UploadId,
  file: FileToCut,
  name: string,
): Promise<Schemas['CommitDto']> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const refs = await send(parts, file);
    if (refs === undefined) throw changing();
    const entry = {
      path: readableText(name, 255, 'package.ipa').replaceAll('/', '_'),
      type: 'file' as const,
      mtimeNs: file.mtimeNs,
      size: file.size,
      refs: unpackRefs(refs),
    };
    const claims = { missingFiles: 0, damagedFiles: 0 };
    const result = await commit(parts.service, uploadId, () => encodeEntries([entry]), claims);
    if (result.status !== 'missing') return result;
  }
  throw new ArchiveError(
    'CHUNK_UNKNOWN',
    'The service lost chunks again and again; the package was not added.',
  );
}

async function send(parts: Sending, file: FileToCut): Promise<Uint8Array | undefined> {
  const backlog = new Backlog();
  const slabs = new SlabPool(SLAB_BYTES, BATCHES_UNDERWAY);
  if (file.size > BATCH_MAX_BYTES) {
    const sent = await sendLargeFile({ ...parts, backlog, slabs }, file);
    await backlog.drain();
    return sent?.refs;
  }
  const { memory } = await slabs.take();
  const { outcomes, ...cut } = await parts.crew.run('cutFiles', {
    memory,
    seed: parts.seed,
    files: [file],
  });
  const batch = { ...cut, memory };
  if (outcomes[0]?.status !== 'ok') return undefined;
  const refs = packRefs(batch);
  if (file.size > 0) await parts.shipper.ship(batch);
  parts.onSent(file.size);
  return refs;
}

/** The file that is meant, which a link may name. Looked at before it is opened: a pipe would wait for somebody to write. */
async function seen(path: string): Promise<FileToCut> {
  const source = await realpath(path);
  const facts = await stat(source, { bigint: true });
  if (!facts.isFile()) throw unreadable(undefined);
  return {
    source,
    size: Number(facts.size),
    mtimeNs: facts.mtimeNs,
    inode: facts.ino,
    wantSha1: false,
  };
}

interface Examined {
  readonly file: FileToCut;
  readonly facts: {
    readonly bundleId: string;
    readonly version: string | undefined;
    readonly build: string | undefined;
    readonly externalVersionId: string | undefined;
  };
  /** `undefined` when the file changed meanwhile. */
  readonly digest: Uint8Array | undefined;
}

async function examine(crew: Crew, path: string): Promise<Examined> {
  const file = await seen(path);
  await using handle = await open(file.source);
  const { size } = file;
  const reader = readerOfFile(handle);
  // By what is in it, not by its name: the service does the same.
  const facts =
    (await inspectAndroidPackage(reader, { size })) ?? (await inspectPackage(reader, { size }));
  const seams = await findSeams(reader, { size });
  return {
    file: { ...file, seams },
    facts,
    digest: await crew.run('hashFile', { file, algorithm: 'sha256' }),
  };
}

function unreadable(cause: unknown): ArchiveError {
  return new ArchiveError('PACKAGE_UNREADABLE', 'The file does not exist or cannot be read.', {
    cause,
  });
}

function changing(): ArchiveError {
  return new ArchiveError(
    'PACKAGE_CHANGING',
    'The file changed while it was read; it was not added.',
    {
      hint: 'Add it again when it is complete.',
    },
  );
}
