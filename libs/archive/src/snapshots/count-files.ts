import {
  CLOUD_FILES,
  CLOUD_FILE_MAX_BYTES,
  CoverageTally,
  NO_CLOUD_FACTS,
  cloudFacts,
  fileIdOf,
} from '@rootcellar/ios';
import type { BackupCoverage, CloudFacts, CloudFile, InstalledApp } from '@rootcellar/ios';
import type { HouseholdVault } from '@rootcellar/vault';
import type { ReadableSnapshot } from '../ports/root-catalog.js';
import type { Scratch } from '../ports/scratch.js';
import { eachFile, storedPayloads } from './arrived-files.js';
import type { StoredPayload } from './arrived-files.js';
import { readableDomains, withManifest } from './snapshot-manifest.js';

/**
 * Counts the files that Manifest.db lists, of the domains that may be read, by what is stored of them.
 * @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_PATH_UNSAFE
 */
export async function countFiles(
  scratch: Scratch,
  vault: HouseholdVault,
  of: { readonly snapshot: ReadableSnapshot; readonly installedApps: readonly InstalledApp[] },
): Promise<{
  readonly content: BackupCoverage;
  readonly payloads: { readonly files: number; readonly bytes: number };
}> {
  const { snapshot, installedApps } = of;
  const tally = new CoverageTally();
  const payloads = { files: 0, bytes: 0 };
  await withManifest(scratch, vault, snapshot, async (manifest) => {
    const may = readableDomains(manifest, snapshot);
    const stored = counted(storedPayloads(vault.trees.entries(snapshot.tree)), payloads);
    await eachFile(manifest.files(), stored, (file) => {
      if (may(file.domain)) tally.add(file);
    });
    // Payloads that no row lists come behind the last row, too.
    for (let step = await stored.next(); step.done !== true;) step = await stored.next();
  });
  const cloud =
    snapshot.only === undefined ? await readCloudFacts(vault, snapshot) : NO_CLOUD_FACTS;
  return { content: tally.finish(snapshot.encrypted, installedApps, cloud), payloads };
}

async function* counted(
  payloads: AsyncIterable<StoredPayload>,
  sum: { files: number; bytes: number },
): AsyncGenerator<StoredPayload> {
  for await (const payload of payloads) {
    sum.files += 1;
    sum.bytes += payload.size;
    yield payload;
  }
}

async function readCloudFacts(
  vault: HouseholdVault,
  { tree }: ReadableSnapshot,
): Promise<CloudFacts> {
  const read = async ({ domain, path }: CloudFile): Promise<Uint8Array | undefined> => {
    const fileId = fileIdOf(domain, path);
    const entry = await vault.trees.find(tree, `${fileId.slice(0, 2)}/${fileId}`);
    if (entry?.recipe === undefined || entry.size > CLOUD_FILE_MAX_BYTES) return undefined;
    return vault.files.range(entry.recipe, 0, entry.size);
  };
  const [photos, messages] = await Promise.all([
    read(CLOUD_FILES.photos),
    read(CLOUD_FILES.messages),
  ]);
  return cloudFacts({ photos, messages });
}
