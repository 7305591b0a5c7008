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
  for (const { id, ofSame } of candidates(kept, newestFirst)) {
    const has = await lookInto(storeFiles, actor, id, kept);
    const better = withBackup(found, has, { id, ofSame });
    if (better !== undefined) return better;
  }
  return found;
}

/** Undefined when the backup has nothing of what is lacking. */
function withBackup(
  found: FoundStoreFiles,
  has: Readonly<Record<'sinf' | 'metadata', boolean>>,
  { id, ofSame }: Candidate,
): FoundStoreFiles | undefined {
  const sinf = found.sinf === 'nowhere' && has.sinf;
  const metadata = found.metadata === 'nowhere' && has.metadata && ofSame;
  if (!sinf && !metadata) return undefined;
  return {
    sinf: sinf ? 'in-backup' : found.sinf,
    metadata: metadata ? 'in-backup' : found.metadata,
    ...{ storeFilesFrom: id, sinfOfOtherVersion: sinf && !ofSame },
  };
}

interface Candidate {
  readonly id: SnapshotId;
  /** The same version was installed when it was made. */
  readonly ofSame: boolean;
}

/** Own backups that list the app, those of the same version first. What was shared with somebody is not theirs to install with. */
function candidates(kept: KeptPackage, newestFirst: readonly SeenSnapshot[]): Candidate[] {
  const own = newestFirst.flatMap(({ id, app, lent }) =>
    app === undefined || lent ? [] : [{ id, ofSame: isSame(app, kept) }],
  );
  return own.sort((a, b) => Number(b.ofSame) - Number(a.ofSame)).slice(0, LOOKED_INTO_MAX);
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
