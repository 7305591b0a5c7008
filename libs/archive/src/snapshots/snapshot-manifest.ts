import { open } from 'node:fs/promises';
import { appOfDomain, isDomainOf, openManifest } from '@rootcellar/ios';
import type { Manifest } from '@rootcellar/ios';
import { ArchiveError } from '@rootcellar/model';
import type { HouseholdVault } from '@rootcellar/vault';
import type { ReadableSnapshot } from '../ports/root-catalog.js';
import type { Scratch } from '../ports/scratch.js';

/**
 * Manifest.db of a snapshot, taken out of the vault for as long as it is used.
 * @throws ArchiveError BACKUP_MANIFEST_DAMAGED
 */
export async function withManifest<T>(
  scratch: Scratch,
  vault: HouseholdVault,
  snapshot: ReadableSnapshot,
  use: (manifest: Manifest) => Promise<T>,
): Promise<T> {
  return scratch.withFile(
    `manifest/${snapshot.id}`,
    async (path) => writeOut(vault, snapshot, path),
    async (path) => {
      using manifest = await openManifest(path);
      return await use(manifest);
    },
  );
}

async function writeOut(
  vault: HouseholdVault,
  snapshot: ReadableSnapshot,
  path: string,
): Promise<void> {
  const entry = await vault.trees.find(snapshot.tree, 'Manifest.db');
  if (entry?.recipe === undefined) {
    throw new ArchiveError('BACKUP_MANIFEST_DAMAGED', 'The snapshot has no Manifest.db.');
  }
  await using file = await open(path, 'w', 0o600);
  for await (const bytes of vault.files.stream(entry.recipe)) await file.write(bytes);
}

/** Whether a domain may be read. Where an app was shared, of the others not even their names may be told. Asked for each file. */
export function readableDomains(
  manifest: Manifest,
  { only, installed }: ReadableSnapshot,
): (domain: string) => boolean {
  if (only === undefined) return () => true;
  const apps = manifest.domainNames().flatMap((domain) => appOfDomain(domain) ?? []);
  const known = [...apps, ...installed];
  const answers = new Map<string, boolean>();
  return (domain) => {
    const answer = answers.get(domain) ?? isDomainOf(domain, only, known);
    answers.set(domain, answer);
    return answer;
  };
}
