import { ArchiveError } from '@rootcellar/model';
import type { HouseholdVault, Recipe } from '@rootcellar/vault';
import type { ReadableArtifact } from '../ports/root-catalog.js';

/** The one file of an artifact. @throws ArchiveError TREE_DAMAGED, CHUNK_DAMAGED … */
export async function recipeOfPackage(
  vault: HouseholdVault,
  { tree }: Pick<ReadableArtifact, 'tree'>,
): Promise<Recipe> {
  for await (const { recipe } of vault.trees.entries(tree)) if (recipe !== undefined) return recipe;
  throw new ArchiveError('TREE_DAMAGED', 'The package has no content in the vault.');
}

/** Of what cannot be understood any more; whatever else fails is not the package's fault and stays as it is. */
export function notUnderstood(error: unknown, fileName: string): unknown {
  if (!(error instanceof ArchiveError) || !/^(PACKAGE|PLIST)_/.test(error.code)) return error;
  return new ArchiveError(
    'PACKAGE_NOT_UNDERSTOOD',
    `What is inside of ${fileName} cannot be read as an app for iPhone or iPad. The package is kept as it is and can be fetched back.`,
    { cause: error, details: { because: error.code } },
  );
}
