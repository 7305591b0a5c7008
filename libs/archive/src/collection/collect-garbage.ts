import type { Clock, HouseholdId, PackId } from '@rootcellar/model';
import type { BinCatalog } from '../ports/bin-catalog.js';
import type { CollectionCatalog } from '../ports/collection-catalog.js';
import type { RetentionCatalog } from '../ports/retention-catalog.js';
import type { Vaults } from '../ports/vaults.js';
import type { HouseholdSpaces } from '../space/household-spaces.js';
import { Pace } from './pace.js';
import { removeOrphans } from './remove-orphans.js';
import { repackSparse } from './repack-sparse.js';
import { unlessLocked } from './unless-locked.js';

export interface CollectOptions {
  /** Seconds a condemned pack waits before its object is deleted: whoever reads it meanwhile reads it whole. */
  readonly graceSeconds: number;
  /** Packs of which less than this part is needed are written anew, from 0 (none) to 1 (every pack with a chunk that nobody needs). */
  readonly repackBelow: number;
  readonly onProgress?: (progress: CollectionReport) => Promise<void> | void;
  readonly signal?: AbortSignal;
}

export interface CollectionReport {
  /** Snapshots and packages whose time in the bin was over. */
  readonly removed: number;
  readonly condemnedPacks: number;
  readonly repackedPacks: number;
  /** Bytes of chunks that were copied to new packs. */
  readonly copiedBytes: number;
  /** Packs left as they are because something happened to them meanwhile, or they are damaged. */
  readonly skippedPacks: number;
  readonly deletedPacks: number;
  /** Packs whose objects the store has locked: they are tried again by every later collection. */
  readonly lockedPacks: number;
  /** Bytes of objects that are gone. */
  readonly deletedBytes: number;
  /** Objects that no pack is of, and that were unknown for two days. */
  readonly orphans: number;
  /** Objects that no pack is of, and too many to be what crashes left: the catalog may be an old copy. None was removed. */
  readonly orphansLeft: number;
  /** Something is wrong with the clock, see the alert: what is in the bin stays there whatever its time. */
  readonly binHeld: boolean;
}

export interface CollectParts {
  readonly bin: BinCatalog;
  readonly collection: CollectionCatalog;
  readonly retention: RetentionCatalog;
  readonly spaces: HouseholdSpaces;
  readonly vaults: Vaults;
  readonly clock: Clock;
  /** How long writing a pack anew waits at most while anybody uploads; 0: uploads are not looked at at all. */
  readonly patienceSeconds: number;
}

/** How a part of a collection goes on. */
interface Course<Done> {
  readonly done: Done;
  /** After each transaction or two: tells of what was done, or throws to end it. */
  readonly step: () => Promise<void>;
  readonly pace: Pace | undefined;
}

/** Of everything: what one transaction locks. */
const BATCH = 50;

/**
 * Gives back what nobody needs: ends the time of the bin, condemns packs, writes sparse ones anew, deletes what was condemned for the
 * grace, and objects that no pack is of. Every step locks little, checks again under the lock, and may be broken off anywhere: the
 * next run goes on. Uploads and restores go on meanwhile.
 */
export class CollectGarbage {
  readonly #parts: CollectParts;

  constructor(parts: CollectParts) {
    this.#parts = parts;
  }

  async execute(householdId: HouseholdId, options: CollectOptions): Promise<CollectionReport> {
    const { bin, collection, retention, clock } = this.#parts;
    const { graceSeconds, repackBelow, onProgress, signal } = options;
    const done = {
      ...{ removed: 0, condemnedPacks: 0, repackedPacks: 0, copiedBytes: 0, skippedPacks: 0 },
      ...{ deletedPacks: 0, lockedPacks: 0, deletedBytes: 0, orphans: 0, orphansLeft: 0 },
      binHeld: (await retention.upkeep(householdId)).alert !== undefined,
    };
    const step = async (): Promise<void> => {
      signal?.throwIfAborted();
      await onProgress?.({ ...done });
    };

    let due = done.binHeld ? 0 : BATCH;
    while (due === BATCH) {
      due = await bin.removeDue(householdId, BATCH);
      done.removed += due;
      await step();
    }
    const pace = this.#parts.patienceSeconds > 0 ? new Pace(collection) : undefined;
    await this.#condemn(householdId, { done, step, pace });
    const repack = { below: repackBelow, step, pace };
    for await (const repacked of repackSparse(this.#parts, householdId, repack)) {
      done.repackedPacks += repacked.packs;
      done.copiedBytes += repacked.bytes;
      done.skippedPacks += repacked.skipped;
      await step();
    }
    pace?.begin();
    await this.#delete(householdId, graceSeconds, { done, step, pace });
    const orphans = await removeOrphans(this.#parts, householdId, signal);
    Object.assign(done, { orphans: orphans.removed, orphansLeft: orphans.left });
    await step();

    await retention.noteUpkeep(householdId, { collectedAt: clock.now() });
    if (done.deletedPacks > 0 || done.orphans > 0) {
      await collection.noteCollected(householdId, {
        subject: `${done.deletedPacks} packs, ${done.orphans} orphans`,
        bytes: done.deletedBytes,
      });
    }
    return done;
  }

  async #condemn(
    householdId: HouseholdId,
    { done, step, pace }: Course<{ condemnedPacks: number }>,
  ): Promise<void> {
    let after: PackId | undefined;
    do {
      const { packs, last } = await this.#parts.collection.condemn(householdId, after, BATCH);
      after = last;
      done.condemnedPacks += packs;
      await pace?.rest();
      await step();
    } while (after !== undefined);
  }

  async #delete(
    householdId: HouseholdId,
    graceSeconds: number,
    { done, step, pace }: Course<Record<'deletedPacks' | 'lockedPacks' | 'deletedBytes', number>>,
  ): Promise<void> {
    const { collection, vaults } = this.#parts;
    const vault = await vaults.open(householdId);
    const locked: PackId[] = [];
    let due: Awaited<ReturnType<CollectionCatalog['takeCondemned']>>;
    do {
      due = await collection.takeCondemned(householdId, { graceSeconds, most: BATCH, but: locked });
      for (const { id, size } of due) {
        if (!(await unlessLocked(async () => vault.removePack(id)))) {
          locked.push(id);
          done.lockedPacks += 1;
          continue;
        }
        await collection.noteDeleted(householdId, id);
        done.deletedPacks += 1;
        done.deletedBytes += size;
        await pace?.rest();
      }
      await step();
    } while (due.length > 0);
  }
}
