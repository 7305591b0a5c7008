import { readStoreFiles } from '@rootcellar/ios';
import type { StoreFiles } from '@rootcellar/ios';
import type { RollbackPlanId, SnapshotId } from '@rootcellar/model';
import { ArchiveError } from '@rootcellar/model';
import { findWholeSnapshot } from '../snapshots/find-readable.js';
import { noteRestore } from '../snapshots/note-restore.js';
import type { ReadParts } from '../snapshots/stream-snapshot.js';
import type { Actor } from '../ports/people-catalog.js';
import { requireNotExpired } from './rollback-plans.js';
import type { RollbackPlans } from './rollback-plans.js';

/** Info.plist holds the icons of all apps; real ones have a few MiB. */
const INFO_MAX_BYTES = 64 * 1024 * 1024;

/** Gives what the App Store gave with an app, out of a backup, for a plan whose package lacks it. It belongs to whose backup that is. */
export class ReadStoreFiles {
  readonly #parts: ReadParts;
  readonly #plans: RollbackPlans;

  constructor(parts: ReadParts, plans: RollbackPlans) {
    this.#parts = parts;
    this.#plans = plans;
  }

  /** @throws ArchiveError NOT_FOUND (also when the plan needs none), PLAN_EXPIRED */
  async execute(actor: Actor, planId: RollbackPlanId): Promise<StoreFiles> {
    const plan = await this.#plans.find(actor, planId);
    requireNotExpired(plan);
    const { target, app } = plan;
    const from = target?.storeFilesFrom ?? null;
    if (target === null || from === null)
      throw new ArchiveError('NOT_FOUND', 'The plan needs nothing of the store out of a backup.');
    const { files, snapshot } = await this.inBackup(actor, from, app.bundleId);
    await noteRestore(this.#parts.audit, actor, { snapshot, resumed: false, part: 'Info.plist' });
    return {
      sinf: target.sinf === 'in-backup' ? files.sinf : undefined,
      metadata: target.metadata === 'in-backup' ? files.metadata : undefined,
    };
  }

  /** @throws ArchiveError NOT_FOUND, FORBIDDEN (one app of it was shared only) */
  async inBackup(
    actor: Actor,
    id: SnapshotId,
    bundleId: string,
  ): Promise<{
    readonly files: StoreFiles;
    readonly snapshot: Awaited<ReturnType<typeof findWholeSnapshot>>;
  }> {
    const snapshot = await findWholeSnapshot(this.#parts.reading, actor, id);
    const vault = await this.#parts.vaults.open(snapshot.householdId);
    const entry = await vault.trees.find(snapshot.tree, 'Info.plist');
    const nothing = { sinf: undefined, metadata: undefined };
    if (entry?.recipe === undefined || entry.size > INFO_MAX_BYTES)
      return { files: nothing, snapshot };
    const bytes = await vault.files.whole(
      { recipe: entry.recipe, size: entry.size },
      INFO_MAX_BYTES,
    );
    return { files: readStoreFiles(bytes, bundleId), snapshot };
  }
}
