import { isArchiveError } from '@rootcellar/model';
import type { SnapshotId } from '@rootcellar/model';
import { hasMetadata, hasSinf } from '../apps/package-facts.js';
import type { Actor } from '../ports/people-catalog.js';
import type { KeptPackage, SeenSnapshot } from '../ports/rollback-catalog.js';
import type { ReadStoreFiles } from './read-store-files.js';
import type { PlannedPackage } from './rollback-plan.js';
import { isSame } from './version-order.js';

export interface FoundStoreFiles extends Pick<
  PlannedPackage,
  'sinf' | 'metadata' | 'storeFilesFrom'
> {
  readonly sinfOfOtherVersion: boolean;
}

/** Info.plists that are looked into for one plan at most. */
const LOOKED_INTO_MAX = 4;

/**
 * Where the rights and the metadata of a package are. What it lacks is looked for in one's own backups: first in those of the same version, then the
 * rights alone in others. Metadata of another version would tell the device a wrong one.
 */
export async function findStoreFiles(
  storeFiles: ReadStoreFiles,
  actor: Actor,
  kept: KeptPackage,
  newestFirst: readonly SeenSnapshot[],
): Promise<FoundStoreFiles> {
  const within = { sinf: hasSinf(kept.facts), metadata: hasMetadata(kept.facts) };
  const found: FoundStoreFiles = {
    sinf: within.sinf ? 'in-package' : 'nowhere',
    metadata: within.metadata ? 'in-package' : 'nowhere',
    ...{ storeFilesFrom: null, sinfOfOtherVersion: false },
  };
  if (within.sinf && within.metadata) return found;
  // What was shared with somebody is not theirs to install with.
  const own = newestFirst.filter(({ app, lent }) => app !== undefined && !lent);
  const same = own.filter(({ app }) => app !== undefined && isSame(app, kept));
  for (const { id } of [...same, ...own.filter((one) => !same.includes(one))].slice(
    0,
    LOOKED_INTO_MAX,
  )) {
    const has = await lookInto(storeFiles, actor, id, kept);
    const ofSame = same.some((one) => one.id === id);
    const sinf = !within.sinf && has.sinf;
    const metadata = !within.metadata && has.metadata && ofSame;
    if (!sinf && !metadata) continue;
    return {
      sinf: sinf ? 'in-backup' : found.sinf,
      metadata: metadata ? 'in-backup' : found.metadata,
      storeFilesFrom: id,
      sinfOfOtherVersion: sinf && !ofSame,
    };
  }
  return found;
}

async function lookInto(
  storeFiles: ReadStoreFiles,
  actor: Actor,
  id: SnapshotId,
  { bundleId }: KeptPackage,
): Promise<{ readonly sinf: boolean; readonly metadata: boolean }> {
  try {
    const { files } = await storeFiles.inBackup(actor, id, bundleId);
    return { sinf: files.sinf !== undefined, metadata: files.metadata !== undefined };
  } catch (error) {
    // Forgotten meanwhile.
    if (isArchiveError(error, 'NOT_FOUND')) return { sinf: false, metadata: false };
    throw error;
  }
}
