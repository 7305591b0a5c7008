import type { Clock, PackId, UploadId } from '@rootcellar/model';
import { newId } from '@rootcellar/model';
import type { ObjectStore } from '@rootcellar/object-store';
import type { ChunkIndex } from './chunk-index.js';
import type { SealedBatch } from './crew-worker.js';
import type { Crew } from './crew.js';
import type { HouseholdKey } from './household-key.js';
import { packKey } from './object-keys.js';
import { decodePackEntries, encodePackHeader } from './pack-format.js';
import type { PackType } from './pack-format.js';

/** A pack is closed when this many sealed bytes are in it … */
const PACK_TARGET_BYTES = 32 * 1024 * 1024;
/** … or when this many are and no other pack is being written: senders wait for their answers before they send more … */
const WORTH_WRITING_BYTES = 16 * 1024 * 1024;
/** … or when its first batch has waited this long for one that was announced: a slow sender delays nobody else. */
const LINGER_MS = 500;

export interface AssemblerParts {
  readonly objects: ObjectStore;
  readonly index: ChunkIndex;
  readonly crew: Crew;
  readonly clock: Clock;
  readonly householdKey: HouseholdKey;
}

/** A batch on its way: a pack waits for it until it is added or cancelled. */
export interface Announcement {
  /** Resolves when the batch is durable and known to the index. */
  add(batch: SealedBatch, holder: UploadId): Promise<void>;
  /** The batch does not come. Does nothing after `add`. */
  cancel(): void;
}

interface Waiting {
  readonly batch: SealedBatch;
  readonly holder: UploadId;
  readonly durable: PromiseWithResolvers<undefined>;
}

/**
 * Group commit: sealed batches of several requests share a pack. A pack is written when it is full, or when every announced
 * batch has arrived and waits: nobody waits for bytes that nobody is sending. While a pack is being written the next one
 * fills, so that a store that is slow to sync gets fewer and larger packs; when it is written and half a pack waits, that goes.
 */
export class PackAssembler {
  readonly #parts: AssemblerParts;
  readonly #type: PackType;
  #announced = 0;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #linger: NodeJS.Timeout | undefined;
  #writing = 0;

  constructor(parts: AssemblerParts, type: PackType) {
    this.#parts = parts;
    this.#type = type;
  }

  announce(): Announcement {
    this.#announced += 1;
    let open = true;
    const settle = (): void => {
      if (open) this.#announced -= 1;
      open = false;
    };
    return {
      add: async (batch, holder) => {
        settle();
        await this.#add(batch, holder);
      },
      cancel: () => {
        settle();
        this.#flushIfDue();
      },
    };
  }

  async #add(batch: SealedBatch, holder: UploadId): Promise<void> {
    const durable = Promise.withResolvers<undefined>();
    this.#waiting.push({ batch, holder, durable });
    this.#waitingBytes += batch.sealed.length;
    this.#linger ??= setTimeout(() => this.#flush(), LINGER_MS);
    this.#flushIfDue();
    await durable.promise;
  }

  #flushIfDue(): void {
    const idle = this.#writing === 0;
    const enough = this.#announced === 0 || this.#waitingBytes >= WORTH_WRITING_BYTES;
    if (this.#waitingBytes >= PACK_TARGET_BYTES || (idle && enough)) this.#flush();
  }

  #flush(): void {
    clearTimeout(this.#linger);
    this.#linger = undefined;
    if (this.#waiting.length === 0) return;
    const group = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#writing += 1;
    this.#write(group)
      .finally(() => {
        this.#writing -= 1;
        this.#flushIfDue();
      })
      .then(
        () => group.forEach(({ durable }) => durable.resolve(undefined)),
        (error: unknown) => group.forEach(({ durable }) => durable.reject(error)),
      );
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const { objects, index, crew, clock, householdKey } = this.#parts;
    const [first] = group;
    if (first === undefined) return;
    const packId = newId<PackId>(clock);
    const identity = { packId, type: this.#type };
    await index.beginPack({ ...identity, holder: first.holder });
    try {
      const entries = Buffer.concat(group.map(({ batch }) => batch.entries));
      const sealed = group.map(({ batch }) => batch.sealed);
      const task = { ...identity, householdKey, sealed, entries };
      const { tail, sha256 } = await crew.run('finishPack', task);
      const parts = [encodePackHeader(this.#type), ...sealed, tail];
      await objects.put(packKey(packId), parts);
      await index.commitPack({
        ...identity,
        size: parts.reduce((sum, part) => sum + part.length, 0),
        sha256,
        entries: decodePackEntries(entries),
        holders: [...new Set(group.map(({ holder }) => holder))],
      });
    } catch (error) {
      // The first error is the one to tell; a pack that stays unfinished is swept up later.
      await index.abandonPack(packId).catch(() => undefined);
      throw error;
    }
  }
}
