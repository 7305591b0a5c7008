import { readdirSync, readFileSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import {
  CHUNK_FRAME_BYTES,
  encodeBody,
  encodeEntries,
  encodeHaveQuestion,
  writeChunkFrame,
} from '@rootcellar/chunking';
import type { FileEntry } from '@rootcellar/chunking';
import { chunkIdToBytes, sha256 } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import { jsonRequest } from './http.js';
import type { Http, HttpAnswer } from './http.js';

/** What a commit answers. */
export interface CommitAnswer {
  readonly status: string;
  readonly missing: readonly string[];
  readonly snapshot: { readonly snapshotId: string } | null;
}

/** An upload by hand, with whatever bytes a test likes (docs/protocol.md). */
export interface RawUpload {
  readonly id: string;
  /** `have`, `chunks`, `commit` */
  post(
    to: string,
    body: Uint8Array,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer>;
  /** Which of these chunks the vault holds. */
  held(...chunks: readonly Uint8Array[]): Promise<boolean[]>;
  commit(entries: readonly FileEntry[]): Promise<HttpAnswer>;
}

export async function openRawUpload(http: Http, declared: object): Promise<RawUpload> {
  const { uploadId } = await http.json<{ uploadId: string }>(
    jsonRequest('/api/v1/uploads', declared),
  );
  const post: RawUpload['post'] = (to, body, headers = {}) => {
    const length = { 'content-length': String(body.length) };
    const path = `/api/v1/uploads/${uploadId}/${to}`;
    return http.send({ method: 'POST', path, headers: { ...length, ...headers }, body });
  };
  return {
    id: uploadId,
    post,
    held: async (...chunks) => {
      const { body } = await post('have', encodeHaveQuestion(chunks.map((chunk) => sha256(chunk))));
      return Array.from(body, (byte) => byte === 1);
    },
    commit: async (entries) => post('commit', await entriesBody(entries)),
  };
}

/** Frames one after the other. @param named by their SHA-256, or by what the test says */
export function framesOf(
  chunks: readonly { readonly bytes: Uint8Array; readonly named?: ChunkId }[],
): Buffer {
  const frames = chunks.map(({ bytes, named = sha256(bytes) }) => {
    const { codec, body } = encodeBody(bytes);
    const frame = Buffer.alloc(CHUNK_FRAME_BYTES + body.length);
    const head = { id: chunkIdToBytes(named), codec, plainLength: bytes.length };
    writeChunkFrame(frame, 0, head, body);
    return frame;
  });
  return Buffer.concat(frames);
}

export async function entriesBody(entries: readonly FileEntry[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of encodeEntries(entries)) parts.push(part);
  return Buffer.concat(parts);
}

/** A small folder as entries of one chunk each, in the protocol's order, with those chunks. */
export function entriesOfFolder(folder: string): {
  readonly entries: readonly FileEntry[];
  readonly chunks: readonly { readonly bytes: Buffer }[];
} {
  const chunks: { readonly bytes: Buffer }[] = [];
  const paths = ['', ...readdirSync(folder, { recursive: true }).map(String)];
  const ordered = paths.map((path) => ({ path, key: Buffer.from(path.replaceAll('/', '\0')) }));
  ordered.sort((a, b) => Buffer.compare(a.key, b.key));
  const entries = ordered.map(({ path }): FileEntry => {
    const { mtimeNs, size, isFile } = factsOf(join(folder, path));
    if (!isFile) return { path, type: 'folder', mtimeNs, size: 0, refs: [] };
    const bytes = readFileSync(join(folder, path));
    if (size > 0) chunks.push({ bytes });
    const refs = size === 0 ? [] : [{ id: sha256(bytes), length: size }];
    return { path, type: 'file', mtimeNs, size, refs };
  });
  return { entries, chunks };
}

function factsOf(path: string): { mtimeNs: bigint; size: number; isFile: boolean } {
  const facts = lstatSync(path, { bigint: true });
  return { mtimeNs: facts.mtimeNs, size: Number(facts.size), isFile: facts.isFile() };
}
