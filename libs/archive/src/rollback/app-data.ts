import { appOfDomain, fileIdOf, isDomainOf, parseManifestBlob } from '@rootcellar/ios';
import type { Manifest, ManifestRow } from '@rootcellar/ios';
import { isArchiveError } from '@rootcellar/model';
import type { HouseholdVault } from '@rootcellar/vault';
import type { ReadableSnapshot } from '../ports/root-catalog.js';
import type { Scratch } from '../ports/scratch.js';
import { readableDomains, withManifest } from '../snapshots/snapshot-manifest.js';
import type { AppFile } from './compare-containers.js';
import type { PlannedData } from './rollback-plan.js';

/** An app's data in a snapshot, as its Manifest.db lists it. */
export class AppData {
  readonly domains: readonly string[];
  /** Groups that are called after no app the backup knows: they may be this app's, nobody can tell. */
  readonly groupsOfNobody: readonly string[];
  /** Of `domains`, those that only the package's entitlements name. */
  readonly groupsShared: readonly string[];
  readonly #manifest: Manifest;

  constructor(
    manifest: Manifest,
    { snapshot, bundleId, groups }: AppDataQuestion & { readonly snapshot: ReadableSnapshot },
  ) {
    this.#manifest = manifest;
    const may = readableDomains(manifest, snapshot);
    const all = manifest.domainNames().filter(may);
    const known = [...all.flatMap((domain) => appOfDomain(domain) ?? []), ...snapshot.installed];
    // What a share gives is decided by names alone.
    const named = new Set(
      snapshot.only === undefined ? groups.map((group) => `AppDomainGroup-${group}`) : [],
    );
    this.domains = all.filter(
      (domain) => isDomainOf(domain, [bundleId], known) || named.has(domain),
    );
    this.groupsShared = this.domains.filter((domain) => !isDomainOf(domain, [bundleId], known));
    this.groupsOfNobody = all.filter(
      (domain) =>
        domain.startsWith('AppDomainGroup-') &&
        !named.has(domain) &&
        !isDomainOf(domain, known, known) &&
        !isApples(domain),
    );
  }

  /** In order of domain, then of `comparePaths`. */
  *files(): Generator<AppFile, void, undefined> {
    for (const domain of this.domains) {
      for (const row of this.#manifest.inPathOrder({ domain })) {
        if (row.type === 'file') yield toFile(row);
      }
    }
  }

  find(domain: string, path: string): AppFile | undefined {
    const row = this.#manifest.row(fileIdOf(domain, path));
    return row?.type === 'file' ? toFile(row) : undefined;
  }

  amounts(): PlannedData['domains'] {
    const amounts = new Map(this.domains.map((domain) => [domain, { files: 0, bytes: 0 }]));
    for (const { domain, size } of this.files()) {
      const amount = amounts.get(domain);
      if (amount === undefined) continue;
      amount.files += 1;
      amount.bytes += size;
    }
    return [...amounts].map(([domain, amount]) => ({ domain, ...amount }));
  }
}

export interface AppDataQuestion {
  readonly bundleId: string;
  /** Ids of groups that the app's own entitlements name. */
  readonly groups: readonly string[];
}

/** @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_PATH_UNSAFE */
export async function withAppData<T>(
  parts: { readonly scratch: Scratch; readonly vault: HouseholdVault },
  snapshot: ReadableSnapshot,
  question: AppDataQuestion,
  use: (data: AppData) => Promise<T>,
): Promise<T> {
  return withManifest(parts.scratch, parts.vault, snapshot, async (manifest) =>
    use(new AppData(manifest, { ...question, snapshot })),
  );
}

function isApples(domain: string): boolean {
  return /^AppDomainGroup-(group\.)?com\.apple\./.test(domain);
}

function toFile({ fileId, domain, relativePath: path, blob }: ManifestRow): AppFile {
  return { fileId, domain, path, size: sizeIn(blob) };
}

/** A row whose blob is broken still has a name. */
function sizeIn(blob: Uint8Array | undefined): number {
  try {
    return blob === undefined ? 0 : (parseManifestBlob(blob).size ?? 0);
  } catch (error) {
    if (isArchiveError(error)) return 0;
    throw error;
  }
}
