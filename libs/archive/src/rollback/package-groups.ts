import { appGroupsOf, describePackage } from '@rootcellar/ios';
import { isArchiveError } from '@rootcellar/model';
import type { ArtifactId } from '@rootcellar/model';
import { recipeOfPackage } from '../apps/package-file.js';
import type { Actor } from '../ports/people-catalog.js';
import type { ReadParts } from '../snapshots/stream-snapshot.js';
import { packageReader } from '../uploads/read-stored-package.js';

/**
 * Groups in which a package says that its app keeps data. A backup does not say whose a group is, and its name need not be the app's: without the
 * package's entitlements such data would stay behind.
 *
 * @returns none when the package went away meanwhile, or cannot be understood
 */
export async function groupsOfPackage(
  { reading, vaults }: Pick<ReadParts, 'reading' | 'vaults'>,
  actor: Actor,
  id: ArtifactId,
): Promise<readonly string[]> {
  const artifact = await reading.findArtifact(actor, id);
  if (artifact === undefined) return [];
  const vault = await vaults.open(artifact.householdId);
  const { size } = artifact;
  try {
    const recipe = await recipeOfPackage(vault, artifact);
    return appGroupsOf(await describePackage(packageReader(vault, { recipe, size }), { size }));
  } catch (error) {
    if (isArchiveError(error) && /^(PACKAGE|PLIST)_/.test(error.code)) return [];
    throw error;
  }
}
