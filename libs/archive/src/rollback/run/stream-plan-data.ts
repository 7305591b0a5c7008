import type { Manifest } from '@rootcellar/ios';
import { ArchiveError, comparePaths } from '@rootcellar/model';
import type { RollbackPlanId } from '@rootcellar/model';
import type { HouseholdVault, TreeEntry } from '@rootcellar/vault';
import type { Actor } from '../../ports/people-catalog.js';
import type { ReadableSnapshot } from '../../ports/root-catalog.js';
import type { Scratch } from '../../ports/scratch.js';
import { findWholeSnapshot } from '../../snapshots/find-readable.js';
import { withManifest } from '../../snapshots/snapshot-manifest.js';
import { noteRestore } from '../../snapshots/note-restore.js';
import type { FileStreamAnswer, ReadParts } from '../../snapshots/stream-snapshot.js';
import { requireNotExpired } from '../rollback-plans.js';
import type { RollbackPlans } from '../rollback-plans.js';

export interface PlanDataParts extends ReadParts {
  readonly plans: Pick<RollbackPlans, 'find'>;
  readonly scratch: Scratch;
}

/** What a backup folder needs beside the payloads. */
const LISTS = ['Info.plist', 'Manifest.db', 'Manifest.plist', 'Status.plist'];

/**
 * Gives the data of a plan as it lies in its backup folder: the payloads of the app's domains under their own names (`ab/abcdef…`), and the whole
 * lists, from which the agent writes a folder of this app alone (`writeAppBackup`). For who may read all of the backup: the lists tell of
 * everything in it.
 */
export class StreamPlanData {
  readonly #parts: PlanDataParts;

  constructor(parts: PlanDataParts) {
    this.#parts = parts;
  }

  /**
   * @throws ArchiveError NOT_FOUND (no such plan, or it has no data), PLAN_EXPIRED, FORBIDDEN (only the app's data was shared), BACKUP_ENCRYPTED;
   * once the stream runs, errors are its last record
   */
  async execute(actor: Actor, planId: RollbackPlanId): Promise<FileStreamAnswer> {
    const plan = await this.#parts.plans.find(actor, planId);
    requireNotExpired(plan);
    if (plan.data === null) throw new ArchiveError('NOT_FOUND', 'This plan puts no data back.');
    const snapshot = await findWholeSnapshot(this.#parts.reading, actor, plan.data.snapshotId);
    if (snapshot.encrypted)
      throw new ArchiveError(
        'BACKUP_ENCRYPTED',
        'The backup is encrypted: one app’s data cannot be taken out of it.',
      );
    const vault = await this.#parts.vaults.open(snapshot.householdId);
    const part = plan.app.bundleId;
    await noteRestore(this.#parts.audit, actor, { snapshot, resumed: false, part });
    const domains = plan.data.domains.map(({ domain }) => domain);
    return { bytes: this.#stream(vault, snapshot, domains) };
  }

  /** Manifest.db stays in use until the stream ends. */
  async *#stream(
    vault: HouseholdVault,
    snapshot: ReadableSnapshot,
    domains: readonly string[],
  ): AsyncGenerator<Uint8Array> {
    const borrowed = Promise.withResolvers<Manifest>();
    const done = Promise.withResolvers<undefined>();
    withManifest(this.#parts.scratch, vault, snapshot, async (manifest) => {
      borrowed.resolve(manifest);
      await done.promise;
    }).catch(borrowed.reject);
    try {
      const manifest = await borrowed.promise;
      yield* vault.streamFiles(entriesOf(vault, snapshot, { manifest, domains }));
    } finally {
      done.resolve(undefined);
    }
  }
}

async function* entriesOf(
  vault: HouseholdVault,
  { tree }: ReadableSnapshot,
  { manifest, domains }: { readonly manifest: Manifest; readonly domains: readonly string[] },
): AsyncGenerator<TreeEntry> {
  for (const path of inPathOrder(fileIds(manifest, domains))) {
    const entry = await vault.trees.find(tree, path);
    // Missing when it was pushed: the agent says so, and puts nothing back.
    if (entry?.recipe !== undefined) yield entry;
  }
}

/** Payloads and lists as the file stream wants them: `Info.plist` comes behind `9f/…` and before `a0/…`. */
function* inPathOrder(ids: Iterable<string>): Generator<string> {
  const lists = [...LISTS];
  for (const id of ids) {
    const path = `${id.slice(0, 2)}/${id}`;
    while (lists[0] !== undefined && comparePaths(lists[0], path) < 0) yield lists.shift() ?? '';
    yield path;
  }
  yield* lists;
}

/** The files of some domains in ascending order, as the file stream wants them: each domain's come so, and are merged. */
function* fileIds(manifest: Manifest, domains: readonly string[]): Generator<string> {
  const heads = domains.flatMap((domain) => {
    const rows = manifest.files({ domain });
    const first = rows.next();
    return first.done === true ? [] : [{ rows, row: first.value }];
  });
  while (heads.length > 0) {
    const least = heads.reduce((a, b) => (b.row.fileId < a.row.fileId ? b : a));
    if (least.row.type === 'file') yield least.row.fileId;
    const next = least.rows.next();
    if (next.done === true) heads.splice(heads.indexOf(least), 1);
    else least.row = next.value;
  }
}
