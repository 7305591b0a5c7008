import { bytesView } from '../bytes-view.js';
import { CHUNK_HEAD_BYTES, readChunkHead, writeChunk } from './chunk-head.js';
import type { ChunkHead } from './chunk-head.js';
import { protocolBroken } from './protocol-broken.js';

/** One chunk of an upload body; `id` and `body` are views of it. */
export interface ChunkFrame extends ChunkHead {
  readonly body: Uint8Array;
}

/** Most bytes of one upload body. */
export const CHUNK_FRAMES_MAX_BYTES = 16 * 1024 * 1024;
/** What a frame adds to its body. */
export const CHUNK_FRAME_BYTES = CHUNK_HEAD_BYTES;

/**
 * Appends a frame to an upload body that is being filled.
 * @returns bytes written, `CHUNK_FRAME_BYTES + body.length`; a RangeError when the rest of `target` is too small
 */
export function writeChunkFrame(
  target: Uint8Array,
  at: number,
  head: ChunkHead,
  body: Uint8Array,
): number {
  writeChunk(target, at, head, body);
  return CHUNK_FRAME_BYTES + body.length;
}

/**
 * The frames of one whole upload body, checked as they are asked for. Bodies are neither expanded nor hashed here.
 * @throws ArchiveError PROTOCOL_BROKEN
 */
export function* readChunkFrames(bytes: Uint8Array): Generator<ChunkFrame, void, void> {
  if (bytes.length > CHUNK_FRAMES_MAX_BYTES) throw protocolBroken('more than 16 MiB of chunks');
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < view.length;) {
    if (at + CHUNK_HEAD_BYTES > view.length) throw protocolBroken('it ends inside of a frame');
    const { bodyLength, ...head } = readChunkHead(view, at);
    const end = at + CHUNK_HEAD_BYTES + bodyLength;
    if (end > view.length) throw protocolBroken('it ends inside of a frame');
    yield { ...head, body: bytesView(view.subarray(at + CHUNK_HEAD_BYTES, end)) };
    at = end;
  }
}
