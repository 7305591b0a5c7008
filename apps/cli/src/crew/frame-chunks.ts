import { CHUNK_FRAME_BYTES, encodeBody, writeChunkFrame } from '@rootcellar/chunking';
import { idBytesAt } from './batch.js';
import type { Batch } from './batch.js';
import { task } from './task.js';
import type { Done } from './task.js';

/** A run of an upload body in the batch's memory. */
export interface Segment {
  readonly at: number;
  readonly length: number;
}

/** A frame that is not shorter than this stays where it is, and the body goes on behind it. */
const MOVE_MAX_BYTES = 32 * 1024;

/**
 * Makes the upload body of the chunks that are lacking, in place: a frame is never longer than its chunk and the room before it, so
 * writing does not overtake reading. @returns the body's segments, in order
 */
export const frameChunks = task(
  (input: {
    readonly batch: Batch;
    /** Ascending positions. */
    readonly lacking: readonly number[];
  }): Done<readonly Segment[]> => {
    const { batch } = input;
    const memory = Buffer.from(batch.memory);
    const segments: Segment[] = [];
    let begin = 0;
    let end = 0;
    for (const index of input.lacking) {
      const chunk = batch.chunks[index];
      if (chunk === undefined) throw new RangeError('no such chunk');
      const plain = memory.subarray(chunk.at, chunk.at + chunk.length);
      const { codec, body } = encodeBody(plain, { raw: chunk.raw, lent: true });
      const place = chunk.at - CHUNK_FRAME_BYTES;
      if (body === plain && place !== end && body.length > MOVE_MAX_BYTES) {
        if (end > begin) segments.push({ at: begin, length: end - begin });
        begin = end = place;
      }
      end += writeChunkFrame(
        memory,
        end,
        { id: idBytesAt(batch, index), codec, plainLength: chunk.length },
        body,
      );
    }
    if (end > begin) segments.push({ at: begin, length: end - begin });
    return { value: segments };
  },
);
