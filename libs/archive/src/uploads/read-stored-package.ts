import { describePackage, readPackageStore, summariseContents } from '@rootcellar/ios';
import type { PackageContents, PackageStore, RandomAccessReader } from '@rootcellar/ios';
import { isArchiveError } from '@rootcellar/model';
import type { HouseholdVault, Recipe } from '@rootcellar/vault';

export interface StoredPackage {
  readonly recipe: Recipe;
  readonly size: number;
}

export function packageReader(
  vault: HouseholdVault,
  { recipe }: StoredPackage,
): RandomAccessReader {
  return { read: (offset, length) => vault.files.range(recipe, offset, length) };
}

/**
 * What a package says beyond what it must say to be kept. What cannot be read of it is left out.
 *
 * @throws ArchiveError as reading a file of the vault
 */
export async function readStoredPackage(
  vault: HouseholdVault,
  file: StoredPackage,
  { bundleId }: { readonly bundleId: string },
): Promise<{
  readonly store: PackageStore | undefined;
  readonly contents: PackageContents | undefined;
}> {
  const reader = packageReader(vault, file);
  const { size } = file;
  const blind = (text: string): Uint8Array => vault.blind(text);
  const store = await unlessUnreadable(readPackageStore(reader, { size, bundleId, blind }));
  const description = await unlessUnreadable(describePackage(reader, { size }));
  return { store, contents: description && summariseContents(description) };
}

/** What the package itself is to blame for; a vault that cannot be read is another matter. */
async function unlessUnreadable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isArchiveError(error) && /^(PACKAGE|PLIST)_/.test(error.code)) return undefined;
    throw error;
  }
}
