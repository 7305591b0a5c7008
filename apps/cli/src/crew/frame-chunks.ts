import { CHUNK_FRAME_BYTES, encodeBody, writeChunkFrame } from '@rootcellar/chunking';
import { CHUNK_ID_BYTES } from '@rootcellar/model';
import { FIELDS } from './cut-files.js';
import type { CutBatch } from './cut-files.js';
import { task } from './task.js';
import type { Done } from './task.js';

export interface ChunksToFrame {
  readonly batch: CutBatch;
  /** Positions of the chunks to send. */
  readonly lacking: readonly number[];
}

/** Compresses the chunks that are lacking and lays them out as one upload body. */
export const frameChunks = task(
  (input: ChunksToFrame): Done<{ readonly body: ArrayBuffer; readonly length: number }> => {
    const { data, chunks, ids } = input.batch;
    const capacity = input.lacking.reduce(
      (sum, at) => sum + (chunks[at * FIELDS + 2] ?? 0) + CHUNK_FRAME_BYTES,
      0,
    );
    const body = new Uint8Array(new ArrayBuffer(capacity));
    let length = 0;
    for (const at of input.lacking) {
      const plain = new Uint8Array(
        data,
        chunks[at * FIELDS + 1] ?? 0,
        chunks[at * FIELDS + 2] ?? 0,
      );
      const encoded = encodeBody(plain, { raw: chunks[at * FIELDS + 3] === 1 });
      const id = ids.subarray(at * CHUNK_ID_BYTES, (at + 1) * CHUNK_ID_BYTES);
      length += writeChunkFrame(
        body,
        length,
        { id, codec: encoded.codec, plainLength: plain.length },
        encoded.body,
      );
    }
    return { value: { body: body.buffer, length }, transfer: [body.buffer] };
  },
);
