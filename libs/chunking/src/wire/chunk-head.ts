import { CHUNK_ID_BYTES } from '@rootcellar/model';
import { CODEC, isCodec } from '../bodies/codec.js';
import type { Codec } from '../bodies/codec.js';
import { bytesView } from '../bytes-view.js';
import { CHUNK_MAX_BYTES } from '../limits.js';
import { copyInto } from '../memory/copy-into.js';
import { protocolBroken } from './protocol-broken.js';

/** What a chunk says of itself on the wire. */
export interface ChunkHead {
  /** 32 bytes, a view: at this level nobody needs them as text. */
  readonly id: Uint8Array;
  readonly codec: Codec;
  /** 0 … 4 MiB. */
  readonly plainLength: number;
}

/** `codec u8 ‖ plain length u32 ‖ body length u32 ‖ chunk id[32]` */
export const CHUNK_HEAD_BYTES = 41;
const ID_AT = 9;

/** Writes head and body, `CHUNK_HEAD_BYTES + body.length` bytes. Wrong lengths are the caller's bug: a RangeError. */
export function writeChunk(
  target: Uint8Array,
  at: number,
  head: ChunkHead,
  body: Uint8Array,
): void {
  const { id, codec, plainLength } = head;
  const allowed = body.length <= plainLength && plainLength <= CHUNK_MAX_BYTES;
  if (!allowed || id.length !== CHUNK_ID_BYTES) throw new RangeError('no chunk has these lengths');
  if (at + CHUNK_HEAD_BYTES + body.length > target.length) {
    throw new RangeError('no room for a chunk');
  }
  const view = Buffer.from(target.buffer, target.byteOffset, target.byteLength);
  view.writeUInt8(codec, at);
  view.writeUInt32LE(plainLength, at + 1);
  view.writeUInt32LE(body.length, at + 5);
  view.set(id, at + ID_AT);
  placeBody(view, at + CHUNK_HEAD_BYTES, body);
}

/** The body may be where it belongs already, or further on in the same memory. */
function placeBody(view: Buffer, at: number, body: Uint8Array): void {
  if (body.buffer !== view.buffer) copyInto(view, at, body);
  else if (body.byteOffset !== view.byteOffset + at) view.set(body, at);
}

/** @throws ArchiveError PROTOCOL_BROKEN when no chunk can have this head */
export function readChunkHead(
  view: Buffer,
  at: number,
): ChunkHead & { readonly bodyLength: number } {
  const codec = view.readUInt8(at);
  const plainLength = view.readUInt32LE(at + 1);
  const bodyLength = view.readUInt32LE(at + 5);
  if (!isCodec(codec)) throw protocolBroken('a chunk has an unknown codec');
  if (plainLength > CHUNK_MAX_BYTES || bodyLength > plainLength) {
    throw protocolBroken('a chunk is larger than chunks may be', {
      details: { plainLength, bodyLength },
    });
  }
  if (codec === CODEC.plain && bodyLength !== plainLength) {
    throw protocolBroken('a plain chunk has two lengths', { details: { plainLength, bodyLength } });
  }
  const id = bytesView(view.subarray(at + ID_AT, at + CHUNK_HEAD_BYTES));
  return { id, codec, plainLength, bodyLength };
}
