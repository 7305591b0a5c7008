/** What runs in the worker threads (see `crew.ts`). Every task takes and gives buffers it owns whole. */
import { createHash } from 'node:crypto';
import {
  copyInto,
  decodeBody,
  encodeBody,
  readChunkFrames,
  tuneHeapForBulk,
  writeChunkRecord,
} from '@rootcellar/chunking';
import { ArchiveError, chunkIdFromBytes, sha256 } from '@rootcellar/model';
import type { PackId } from '@rootcellar/model';
import { attempt } from './crew-outcome.js';
import type { Outcome } from './crew-outcome.js';
import type { HouseholdKey } from './household-key.js';
import { FRAME } from './frame-use.js';
import { openPlainChunk } from './open-plain-chunk.js';
import { decodePack, encodePackEntry, encodePackTail } from './pack-format.js';
import type { PackType } from './pack-format.js';
import { CHUNK_KIND, SEAL_BYTES, openChunk, sealChunk } from './sealed-chunk.js';
import type { ChunkHead, ChunkKind } from './sealed-chunk.js';

tuneHeapForBulk();

const DIGEST_BYTES = 32;

/** Sealed chunks one behind the other, with their lines of a pack index. Memory is shared: nothing is copied between threads. */
export interface SealedBatch {
  readonly sealed: Uint8Array<SharedArrayBuffer>;
  /** PACK_ENTRY_BYTES a chunk. */
  readonly entries: Uint8Array;
}

/**
 * Checks the chunk frames of one upload body and seals them where they lie: a sealed chunk is shorter than its frame, so writing never
 * overtakes reading. `skip[i]` says what to do with the frame at position i: {@link FRAME}.
 */
export function sealFrames(task: {
  readonly householdKey: HouseholdKey;
  readonly body: Uint8Array<SharedArrayBuffer>;
  readonly skip: Uint8Array;
}): Outcome<SealedBatch> {
  return attempt(() => {
    const batch = new BatchWriter(task.householdKey, task.body);
    let position = 0;
    for (const frame of readChunkFrames(task.body)) {
      const what = task.skip[position++];
      if (what === FRAME.leaveOut) continue;
      const { codec, plainLength } = frame;
      verify(frame.id, decodeBody(codec, frame.body, plainLength, { lent: true }));
      if (what === FRAME.checkOnly) continue;
      // A copy: sealing writes over the place the id lies in.
      const id = frame.id.slice();
      batch.add({ id, kind: CHUNK_KIND.data, codec, plainLength }, frame.body);
    }
    return { value: batch.finish() };
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
    const batch = new BatchWriter(
      task.householdKey,
      new Uint8Array(new SharedArrayBuffer(capacity)),
    );
    for (const { id, kind, plain } of task.chunks) {
      const { codec, body } = encodeBody(plain, { lent: true });
      batch.add({ id, kind, codec, plainLength: plain.length }, body);
    }
    return { value: batch.finish() };
  });
}

/** Index, footer and SHA-256 of a pack. */
export function finishPack(task: {
  readonly householdKey: HouseholdKey;
  readonly packId: PackId;
  readonly type: PackType;
  readonly sealed: readonly Uint8Array<SharedArrayBuffer>[];
  readonly entries: Uint8Array;
}): Outcome<{ readonly tail: Uint8Array; readonly sha256: Uint8Array }> {
  return attempt(() => ({ value: encodePackTail(task, task.sealed, task.entries) }));
}

/** Bytes [from, end) of a pack, and where they go in the memory of another. */
export interface Place {
  readonly from: number;
  readonly end: number;
  readonly to: number;
}

/** Copies what has a place, and tells the SHA-256 of a pack: of all but its last bytes, which are that. */
export function copyPlaces(task: {
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly places: readonly Place[];
  readonly target: Uint8Array<SharedArrayBuffer>;
}): Outcome<Uint8Array> {
  return attempt(() => {
    const { bytes, places, target } = task;
    for (const { from, end, to } of places) copyInto(target, to, bytes.subarray(from, end));
    const hashed = bytes.subarray(0, bytes.length - DIGEST_BYTES);
    return { value: createHash('sha256').update(hashed).digest() };
  });
}

/** One stored chunk inside the memory that packs were read into. */
export interface SealedPiece {
  readonly head: ChunkHead;
  readonly at: number;
  readonly sealedLength: number;
}

/** Chunks to open: from one shared memory into another. */
interface Opening {
  readonly householdKey: HouseholdKey;
  readonly sealed: SharedArrayBuffer;
  readonly opened: SharedArrayBuffer;
}

/**
 * Opens chunks and lays them out for the wire: records of the file stream and chunk records, in order. The receiver checks the
 * SHA-256; here the tag proves the bytes. @returns the bytes laid out
 */
export function openForWire(
  task: Opening & { readonly items: readonly (Uint8Array | SealedPiece)[] },
): Outcome<number> {
  return attempt(() => {
    const out = Buffer.from(task.opened);
    let at = 0;
    for (const item of task.items) {
      if (item instanceof Uint8Array) {
        copyInto(out, at, item);
        at += item.length;
      } else {
        const body = openChunk(task.householdKey, item.head, pieceBytes(task.sealed, item));
        at += writeChunkRecord(out, at, item.head, body);
      }
    }
    return { value: at };
  });
}

/** Opens chunks to plain bytes, checked against their ids, one behind the other. @returns their bytes */
export function openPlain(
  task: Opening & { readonly pieces: readonly SealedPiece[] },
): Outcome<number> {
  return attempt(() => {
    const out = new Uint8Array(task.opened);
    let at = 0;
    for (const piece of task.pieces) {
      const plain = openPlainChunk(
        task.householdKey,
        piece.head,
        pieceBytes(task.sealed, piece),
        true,
      );
      copyInto(out, at, plain);
      at += plain.length;
    }
    return { value: at };
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
        true,
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

function pieceBytes(sealed: SharedArrayBuffer, piece: SealedPiece): Uint8Array {
  return new Uint8Array(sealed, piece.at, piece.sealedLength);
}

/** Seals chunks into given memory and keeps their index lines. */
class BatchWriter {
  readonly #key: HouseholdKey;
  readonly #target: Uint8Array<SharedArrayBuffer>;
  readonly #entries: Buffer[] = [];
  #used = 0;

  constructor(key: HouseholdKey, target: Uint8Array<SharedArrayBuffer>) {
    this.#key = key;
    this.#target = target;
  }

  add(head: ChunkHead, body: Uint8Array): void {
    const sealedLength = sealChunk(this.#key, { head, body }, this.#target, this.#used);
    this.#entries.push(encodePackEntry({ ...head, sealedLength }));
    this.#used += sealedLength;
  }

  finish(): SealedBatch {
    return {
      sealed: this.#target.subarray(0, this.#used),
      entries: Buffer.concat(this.#entries),
    };
  }
}
