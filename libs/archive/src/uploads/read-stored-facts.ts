import { readBackupFacts } from '@rootcellar/ios';
import type { BackupFacts } from '@rootcellar/ios';
import { ArchiveError } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import type { HouseholdVault } from '@rootcellar/vault';
import type { InstalledRecord } from '../ports/root-catalog.js';

/** Plists are read whole to know the device; real ones have a few MiB. */
const PLIST_MAX_BYTES = 64 * 1024 * 1024;

/**
 * What a backup says about itself, read back from the vault: what is recorded is what was stored.
 *
 * @param udid for backups whose lists do not name the device
 * @throws ArchiveError BACKUP_PLIST_DAMAGED, BACKUP_NO_DEVICE; as reading a file
 */
export async function readStoredFacts(
  vault: HouseholdVault,
  tree: ChunkId,
  udid: string,
): Promise<BackupFacts> {
  const [infoPlist, manifestPlist, statusPlist] = await Promise.all(
    ['Info.plist', 'Manifest.plist', 'Status.plist'].map(async (name) =>
      readStored(vault, tree, name),
    ),
  );
  if (infoPlist === undefined || manifestPlist === undefined) {
    throw new ArchiveError(
      'BACKUP_PLIST_DAMAGED',
      'The upload lacks Info.plist or Manifest.plist; nothing was recorded.',
    );
  }
  const blind = (text: string): Uint8Array => vault.blind(text);
  return readBackupFacts({ infoPlist, manifestPlist, statusPlist, folderName: udid, blind });
}

/** An app of a backup as the catalog records it. */
export function installedRecord(app: BackupFacts['installedApps'][number]): InstalledRecord {
  const { bundleId, name, version, build, itemId, externalVersionId, offloaded, fromStore } = app;
  return {
    ...{ bundleId, name, version, build, itemId, externalVersionId, offloaded, fromStore },
    releasedAt: app.releaseDate,
    purchasedAt: app.purchaseDate,
    buyer: app.buyer,
    storeList: app.versionIds,
  };
}

async function readStored(
  vault: HouseholdVault,
  tree: ChunkId,
  path: string,
): Promise<Uint8Array | undefined> {
  const entry = await vault.trees.find(tree, path);
  if (entry?.recipe === undefined) return undefined;
  return vault.files.whole({ recipe: entry.recipe, size: entry.size }, PLIST_MAX_BYTES);
}
