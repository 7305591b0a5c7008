import { CHUNK_ID_BYTES } from '@rootcellar/model';
import { FIELDS } from '../crew/cut-files.js';
import type { CutBatch, FileToCut } from '../crew/cut-files.js';
import type { Crew } from '../crew/crew.js';
import type { Backlog } from './backlog.js';
import type { ChunkShipper } from './chunk-shipper.js';

/** Bytes of one ref in packed form: id and length. */
export const REF_BYTES = CHUNK_ID_BYTES + 4;

export interface SendParts {
  readonly crew: Crew;
  readonly shipper: ChunkShipper;
  /** 32 bytes, the household's. */
  readonly seed: Uint8Array;
  /** Batches under way. */
  readonly backlog: Backlog;
  readonly onSent: (bytes: number) => void;
}

export interface SentFile {
  /** Packed, REF_BYTES each. */
  readonly refs: Uint8Array;
  /** Resolves when all of it is durable. */
  readonly durable: Promise<void>;
}

/**
 * Reads a large file part by part; parts are shipped in the background.
 * @returns `undefined` when the file is not, or did not stay, in the state it was seen in
 */
export async function sendLargeFile(
  parts: SendParts,
  file: FileToCut,
): Promise<SentFile | undefined> {
  const { crew, shipper, seed, backlog, onSent } = parts;
  const kind = await crew.run('probe', file);
  if (kind === 'changed') return undefined;
  const refs: Uint8Array[] = [];
  const shipping: Promise<void>[] = [];
  for (let offset = 0; offset < file.size;) {
    await backlog.place();
    const part = await crew.run('cutPart', { seed, file, kind, offset });
    if (part.status === 'changed') return undefined;
    const { consumed } = part;
    refs.push(packRefs(part));
    const shipped = shipper.ship(part).then(() => onSent(consumed));
    backlog.start(shipped);
    shipping.push(shipped);
    offset += consumed;
  }
  const durable = Promise.all(shipping).then(() => undefined);
  durable.catch(() => undefined);
  return { refs: Buffer.concat(refs), durable };
}

/** The chunks of one file of a batch as refs. @param fileIndex all chunks when it is left out */
export function packRefs(batch: CutBatch, fileIndex?: number): Uint8Array {
  const { chunks, ids } = batch;
  const wanted: number[] = [];
  for (let at = 0; at * FIELDS < chunks.length; at += 1) {
    if (fileIndex === undefined || chunks[at * FIELDS] === fileIndex) wanted.push(at);
  }
  const refs = Buffer.alloc(wanted.length * REF_BYTES);
  wanted.forEach((at, n) => {
    refs.set(ids.subarray(at * CHUNK_ID_BYTES, (at + 1) * CHUNK_ID_BYTES), n * REF_BYTES);
    refs.writeUInt32LE(chunks[at * FIELDS + 2] ?? 0, n * REF_BYTES + CHUNK_ID_BYTES);
  });
  return refs;
}
