import { HAVE_MAX_IDS, decodeHaveAnswer } from '@rootcellar/chunking';
import { CHUNK_ID_BYTES } from '@rootcellar/model';
import type { ChunkId, UploadId } from '@rootcellar/model';
import { idAt } from '../crew/batch.js';
import type { Batch } from '../crew/batch.js';
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
      const question = ids.subarray(from, from + step);
      const answer = await this.#service.sendBulk({
        method: 'POST',
        path: `${this.#path}/have`,
        contentType: 'application/octet-stream',
        body: () => [question],
      });
      held.push(...decodeHaveAnswer(answer, question.length / CHUNK_ID_BYTES));
    }
    return held;
  }

  /** Resolves when every chunk of the batch is durable. What is in the batch's memory is used up. */
  async ship(batch: Batch): Promise<void> {
    const held = await this.held(batch.ids);
    const done = Promise.withResolvers<undefined>();
    done.promise.catch(() => undefined);
    const { lacking, others } = this.#claim(batch, held, done.promise);
    try {
      if (lacking.length > 0) await this.#send(batch, lacking);
      done.resolve(undefined);
    } catch (error) {
      done.reject(error);
      throw error;
    } finally {
      for (const index of lacking) this.#underway.delete(idAt(batch, index));
    }
    await Promise.all(others);
  }

  /** What this batch has to send, and what others are sending already. */
  #claim(
    batch: Batch,
    held: readonly boolean[],
    mine: Promise<unknown>,
  ): { readonly lacking: readonly number[]; readonly others: readonly Promise<unknown>[] } {
    const lacking: number[] = [];
    const others: Promise<unknown>[] = [];
    for (const [index, is] of held.entries()) {
      if (is) continue;
      const id = idAt(batch, index);
      const underway = this.#underway.get(id);
      if (underway === undefined) {
        lacking.push(index);
        this.#underway.set(id, mine);
      } else if (underway !== mine) {
        others.push(underway);
      }
    }
    return { lacking, others };
  }

  async #send(batch: Batch, lacking: readonly number[]): Promise<void> {
    const newBytes = lacking.reduce((sum, index) => sum + (batch.chunks[index]?.length ?? 0), 0);
    const segments = await this.#crew.run('frameChunks', { batch, lacking });
    const body = segments.map(({ at, length }) => new Uint8Array(batch.memory, at, length));
    await this.#service.sendBulk({
      method: 'POST',
      path: `${this.#path}/chunks`,
      contentType: 'application/vnd.rootcellar.chunks',
      body: () => body,
    });
    this.#sentBytes += segments.reduce((sum, { length }) => sum + length, 0);
    this.#newBytes += newBytes;
  }
}
