import { randomBytes, randomFill } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  CHUNK_FRAME_BYTES,
  CODEC,
  encodeHaveQuestion,
  writeChunkFrame,
} from '@rootcellar/chunking';
import { chunkIdFromBytes, chunkIdToBytes, sha256 } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import type { ServiceClient } from './service-client.js';

/** What requests of an upload waited for their answers, in milliseconds. */
export interface UploadWaits {
  readonly have: number[];
  readonly body: number[];
}

const IDS_A_QUESTION = 1000;
const BODY_BYTES = 8 * 2 ** 20;
const CHUNK_BYTES = 2 ** 20;
/** At least so long from one request to the next of its kind: the disk must hold all bodies. */
const HAVE_EVERY_MS = 25;
const BODY_EVERY_MS = 200;
const UDID = '00008110-00000000000BE7C4';

const fillRandom = promisify(randomFill);

/** An upload that goes on and on: questions and bodies side by side, each kind one after the other. */
export class Uploader {
  readonly #client: ServiceClient;
  readonly #path: string;
  /** Sent so far, the newest last. */
  readonly #sent: ChunkId[] = [];

  private constructor(client: ServiceClient, uploadId: string) {
    this.#client = client;
    this.#path = `/api/v1/uploads/${uploadId}`;
  }

  static async open(client: ServiceClient): Promise<Uploader> {
    const declared = { kind: 'snapshot', udid: UDID, deviceName: 'Sender' };
    const { uploadId } = await client.post<{ uploadId: string }>('/api/v1/uploads', declared);
    return new Uploader(client, uploadId);
  }

  /** Asks and sends until it is told to stop. */
  async run(stop: AbortSignal): Promise<UploadWaits> {
    const waits: UploadWaits = { have: [], body: [] };
    const frames = Buffer.alloc((BODY_BYTES / CHUNK_BYTES) * (CHUNK_FRAME_BYTES + CHUNK_BYTES));
    await Promise.all([
      every(HAVE_EVERY_MS, stop, async () => {
        const question = encodeHaveQuestion(this.#someIds());
        waits.have.push(
          await waitOf(async () => this.#client.send(`${this.#path}/have`, question)),
        );
      }),
      every(BODY_EVERY_MS, stop, async () => {
        const ids = await fillBody(frames);
        waits.body.push(
          await waitOf(async () => this.#client.send(`${this.#path}/chunks`, frames)),
        );
        this.#sent.push(...ids);
      }),
    ]);
    return waits;
  }

  /** Half of them stored, as far as there are so many. */
  #someIds(): ChunkId[] {
    const known = this.#sent.slice(-IDS_A_QUESTION / 2);
    const others = randomBytes(32 * (IDS_A_QUESTION - known.length));
    for (let at = 0; at < others.length; at += 32) {
      known.push(chunkIdFromBytes(others.subarray(at, at + 32)));
    }
    return known;
  }
}

async function every(
  milliseconds: number,
  stop: AbortSignal,
  act: () => Promise<void>,
): Promise<void> {
  while (!stop.aborted) {
    const start = performance.now();
    await act();
    await setTimeout(Math.max(0, milliseconds - (performance.now() - start)));
  }
}

async function waitOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

/**
 * Fills a body with new chunks of random bytes, one at a time: questions are measured meanwhile in this very process. Its memory is always
 * the same, or our own garbage collector would be measured.
 */
async function fillBody(frames: Buffer): Promise<readonly ChunkId[]> {
  const ids: ChunkId[] = [];
  for (let at = 0; at < frames.length; at += CHUNK_FRAME_BYTES + CHUNK_BYTES) {
    const chunk = frames.subarray(at + CHUNK_FRAME_BYTES, at + CHUNK_FRAME_BYTES + CHUNK_BYTES);
    await fillRandom(chunk);
    const id = sha256(chunk);
    const head = { id: chunkIdToBytes(id), codec: CODEC.plain, plainLength: chunk.length };
    writeChunkFrame(frames, at, head, chunk);
    ids.push(id);
    await setImmediate();
  }
  return ids;
}
