import { HAVE_MAX_IDS, decodeHaveAnswer } from '@rootcellar/chunking';
import { CHUNK_ID_BYTES, chunkIdFromBytes } from '@rootcellar/model';
import type { ChunkId, UploadId } from '@rootcellar/model';
import { FIELDS } from '../crew/cut-files.js';
import type { CutBatch } from '../crew/cut-files.js';
import type { Crew } from '../crew/crew.js';
import type { Service } from '../service.js';

/** What was sent so far. */
export interface Shipped {
  /** Bytes of upload bodies that were acknowledged. */
  readonly sentBytes: number;
  /** Plain bytes that the vault did not have. */
  readonly newBytes: number;
}

/** Asks what the vault lacks, sends that, and returns when it is durable. */
export class ChunkShipper {
  readonly #service: Service;
  readonly #crew: Crew;
  readonly #path: string;
  /** Chunks on their way: the same bytes in another file need not go twice. */
  readonly #underway = new Map<ChunkId, Promise<unknown>>();
  #sentBytes = 0;
  #newBytes = 0;

  constructor(service: Service, crew: Crew, uploadId: UploadId) {
    this.#service = service;
    this.#crew = crew;
    this.#path = `/api/v1/uploads/${uploadId}`;
  }

  get shipped(): Shipped {
    return { sentBytes: this.#sentBytes, newBytes: this.#newBytes };
  }

  /** Which of these chunks the vault holds, and keeps while the upload is open. Ids of 32 bytes, any number. */
  async held(ids: Uint8Array): Promise<boolean[]> {
    const held: boolean[] = [];
    const step = HAVE_MAX_IDS * CHUNK_ID_BYTES;
    for (let from = 0; from < ids.length; from += step) {
      const batch = ids.subarray(from, from + step);
      const answer = await this.#service.sendBulk({
        method: 'POST',
        path: `${this.#path}/have`,
        contentType: 'application/octet-stream',
        body: () => [batch],
      });
      held.push(...decodeHaveAnswer(answer, batch.length / CHUNK_ID_BYTES));
    }
    return held;
  }

  /** Resolves when every chunk of the batch is durable. Takes the batch's data. */
  async ship(batch: CutBatch): Promise<void> {
    const held = await this.held(batch.ids);
    const lacking: number[] = [];
    const others: Promise<unknown>[] = [];
    const mine: ChunkId[] = [];
    const done = Promise.withResolvers<undefined>();
    held.forEach((is, at) => {
      if (is) return;
      const id = chunkIdFromBytes(
        batch.ids.subarray(at * CHUNK_ID_BYTES, (at + 1) * CHUNK_ID_BYTES),
      );
      const underway = this.#underway.get(id);
      if (underway === undefined) {
        lacking.push(at);
        mine.push(id);
        this.#underway.set(id, done.promise);
      } else if (underway !== done.promise) {
        others.push(underway);
      }
    });
    done.promise.catch(() => undefined);
    try {
      if (lacking.length > 0) await this.#send(batch, lacking);
      done.resolve(undefined);
    } catch (error) {
      done.reject(error);
      throw error;
    } finally {
      for (const id of mine) this.#underway.delete(id);
    }
    await Promise.all(others);
  }

  async #send(batch: CutBatch, lacking: readonly number[]): Promise<void> {
    const plainBytes = lacking.reduce((sum, at) => sum + (batch.chunks[at * FIELDS + 2] ?? 0), 0);
    const { body, length } = await this.#crew.run('frameChunks', { batch, lacking }, [batch.data]);
    const bytes = new Uint8Array(body, 0, length);
    await this.#service.sendBulk({
      method: 'POST',
      path: `${this.#path}/chunks`,
      contentType: 'application/vnd.rootcellar.chunks',
      body: () => [bytes],
    });
    this.#sentBytes += length;
    this.#newBytes += plainBytes;
  }
}
