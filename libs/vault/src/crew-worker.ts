/** What runs in the worker threads (see `crew.ts`). Every task takes and gives buffers it owns whole. */
import {
  CHUNK_RECORD_BYTES,
  decodeBody,
  encodeBody,
  readChunkFrames,
  writeChunkRecord,
} from '@rootcellar/chunking';
import { ArchiveError, chunkIdFromBytes, sha256 } from '@rootcellar/model';
import type { PackId } from '@rootcellar/model';
import { attempt } from './crew-outcome.js';
import type { Outcome } from './crew-outcome.js';
import type { HouseholdKey } from './household-key.js';
import { openPlainChunk } from './open-plain-chunk.js';
import { PACK_ENTRY_BYTES, decodePack, encodePackEntry, encodePackTail } from './pack-format.js';
import type { PackType } from './pack-format.js';
import { CHUNK_KIND, SEAL_BYTES, openChunk, sealChunk } from './sealed-chunk.js';
import type { ChunkHead, ChunkKind } from './sealed-chunk.js';

/** Sealed chunks one behind the other, with their lines of a pack index. */
export interface SealedBatch {
  readonly sealed: ArrayBuffer;
  /** PACK_ENTRY_BYTES a chunk. */
  readonly entries: ArrayBuffer;
}

/** Checks and seals the chunk frames of one upload body. `skip[i]` leaves out the frame at position i. */
export function sealFrames(task: {
  readonly householdKey: HouseholdKey;
  readonly body: ArrayBuffer;
  readonly skip: Uint8Array;
}): Outcome<SealedBatch> {
  return attempt(() => {
    const batch = new BatchWriter(
      task.householdKey,
      task.body.byteLength + task.skip.length * SEAL_BYTES,
      task.skip.length,
    );
    let position = 0;
    for (const frame of readChunkFrames(new Uint8Array(task.body))) {
      if (task.skip[position++] === 1) continue;
      verify(frame.id, decodeBody(frame.codec, frame.body, frame.plainLength));
      batch.add(
        { id: frame.id, kind: CHUNK_KIND.data, codec: frame.codec, plainLength: frame.plainLength },
        frame.body,
      );
    }
    return batch.finish();
  });
}

/** Compresses and seals metadata chunks that the service itself wrote. */
export function sealMetadata(task: {
  readonly householdKey: HouseholdKey;
  readonly chunks: readonly {
    readonly id: Uint8Array;
    readonly kind: ChunkKind;
    readonly plain: Uint8Array;
  }[];
}): Outcome<SealedBatch> {
  return attempt(() => {
    const capacity = task.chunks.reduce((sum, chunk) => sum + chunk.plain.length + SEAL_BYTES, 0);
    const batch = new BatchWriter(task.householdKey, capacity, task.chunks.length);
    for (const { id, kind, plain } of task.chunks) {
      const { codec, body } = encodeBody(plain);
      batch.add({ id, kind, codec, plainLength: plain.length }, body);
    }
    return batch.finish();
  });
}

/** Index, footer and SHA-256 of a pack; the sealed parts travel through and come back. */
export function finishPack(task: {
  readonly householdKey: HouseholdKey;
  readonly packId: PackId;
  readonly type: PackType;
  readonly sealed: readonly ArrayBuffer[];
  readonly entries: Uint8Array;
}): Outcome<{
  readonly sealed: readonly ArrayBuffer[];
  readonly tail: Uint8Array;
  readonly sha256: Uint8Array;
}> {
  return attempt(() => {
    const parts = task.sealed.map((part) => new Uint8Array(part));
    const { tail, sha256: digest } = encodePackTail(task, parts, task.entries);
    return { value: { sealed: task.sealed, tail, sha256: digest }, transfer: task.sealed };
  });
}

/** One stored chunk inside a buffer that was read from a pack. */
export interface SealedPiece {
  readonly head: ChunkHead;
  readonly buffer: number;
  readonly offset: number;
  readonly sealedLength: number;
}

/**
 * Opens chunks and lays them out for the wire: `before` (records of the file stream) and then the chunk record, in order.
 * The receiver checks the SHA-256; here the tag proves the bytes.
 */
export function openForWire(task: {
  readonly householdKey: HouseholdKey;
  readonly buffers: readonly ArrayBuffer[];
  readonly items: readonly (Uint8Array | SealedPiece)[];
}): Outcome<ArrayBuffer> {
  return attempt(() => {
    const size = task.items.reduce(
      (sum, item) =>
        sum +
        (item instanceof Uint8Array
          ? item.length
          : item.sealedLength - SEAL_BYTES + CHUNK_RECORD_BYTES),
      0,
    );
    const out = Buffer.from(new ArrayBuffer(size));
    let at = 0;
    for (const item of task.items) {
      if (item instanceof Uint8Array) {
        out.set(item, at);
        at += item.length;
        continue;
      }
      const body = openChunk(task.householdKey, item.head, pieceBytes(task.buffers, item));
      at += writeChunkRecord(out, at, item.head, body);
    }
    return { value: out.buffer, transfer: [out.buffer] };
  });
}

/** Opens chunks to plain bytes, checked against their ids, one behind the other. */
export function openPlain(task: {
  readonly householdKey: HouseholdKey;
  readonly buffers: readonly ArrayBuffer[];
  readonly pieces: readonly SealedPiece[];
}): Outcome<ArrayBuffer> {
  return attempt(() => {
    const out = new Uint8Array(task.pieces.reduce((sum, piece) => sum + piece.head.plainLength, 0));
    let at = 0;
    for (const piece of task.pieces) {
      out.set(openPlainChunk(task.householdKey, piece.head, pieceBytes(task.buffers, piece)), at);
      at += piece.head.plainLength;
    }
    return { value: out.buffer, transfer: [out.buffer] };
  });
}

/** Checks a whole pack: its form, its SHA-256, every chunk's tag and SHA-256. @returns its index lines. */
export function verifyPack(task: {
  readonly householdKey: HouseholdKey;
  readonly packId: PackId;
  readonly type: PackType;
  readonly bytes: ArrayBuffer;
}): Outcome<{ readonly chunks: number; readonly entries: Uint8Array }> {
  return attempt(() => {
    const bytes = new Uint8Array(task.bytes);
    const entries = decodePack(task, bytes);
    for (const entry of entries) {
      openPlainChunk(
        task.householdKey,
        entry,
        bytes.subarray(entry.offset, entry.offset + entry.sealedLength),
      );
    }
    return {
      value: { chunks: entries.length, entries: Buffer.concat(entries.map(encodePackEntry)) },
    };
  });
}

function verify(id: Uint8Array, plain: Uint8Array): void {
  if (sha256(plain) !== chunkIdFromBytes(id)) {
    throw new ArchiveError(
      'CHUNK_DIGEST_MISMATCH',
      'A chunk does not match the SHA-256 it was sent under; nothing of this message was stored.',
    );
  }
}

function pieceBytes(buffers: readonly ArrayBuffer[], piece: SealedPiece): Uint8Array {
  const buffer = buffers[piece.buffer];
  if (buffer === undefined) throw new RangeError('piece outside of the buffers');
  return new Uint8Array(buffer, piece.offset, piece.sealedLength);
}

/** Seals chunks into one buffer and keeps their index lines. */
class BatchWriter {
  readonly #key: HouseholdKey;
  readonly #sealed: ArrayBuffer;
  readonly #entries: ArrayBuffer;
  #sealedBytes = 0;
  #entryBytes = 0;

  constructor(key: HouseholdKey, sealedCapacity: number, chunks: number) {
    this.#key = key;
    this.#sealed = new ArrayBuffer(sealedCapacity);
    this.#entries = new ArrayBuffer(chunks * PACK_ENTRY_BYTES);
  }

  add(head: ChunkHead, body: Uint8Array): void {
    const sealedLength = sealChunk(
      this.#key,
      { head, body },
      new Uint8Array(this.#sealed),
      this.#sealedBytes,
    );
    new Uint8Array(this.#entries).set(encodePackEntry({ ...head, sealedLength }), this.#entryBytes);
    this.#sealedBytes += sealedLength;
    this.#entryBytes += PACK_ENTRY_BYTES;
  }

  finish(): { value: SealedBatch; transfer: ArrayBuffer[] } {
    const sealed = this.#sealed.transferToFixedLength(this.#sealedBytes);
    const entries = this.#entries.transferToFixedLength(this.#entryBytes);
    return { value: { sealed, entries }, transfer: [sealed, entries] };
  }
}
