import { ArchiveError, isArchiveError } from '@rootcellar/model';
import type { ChunkId, Clock, HouseholdId } from '@rootcellar/model';
import type { HouseholdVault } from '@rootcellar/vault';
import type { AppFactsCatalog } from '../ports/app-facts-catalog.js';
import type { Vaults } from '../ports/vaults.js';
import { installedRecord, readStoredFacts } from '../uploads/read-stored-facts.js';
import { readStoredPackage } from '../uploads/read-stored-package.js';
import type { StoredPackage } from '../uploads/read-stored-package.js';

export interface ReadFactsReport {
  readonly packages: number;
  readonly snapshots: number;
  /** Of both, those of which nothing could be read; they are not tried again. */
  readonly unreadable: number;
}

/** A run of upkeep that takes longer keeps others waiting; the next one goes on. */
const MOST_A_RUN = 200;
const LONGEST_MS = 60_000;

/** Reads what earlier releases did not write down of packages and backups: from the vault, some at a time. */
export class ReadOlderFacts {
  readonly #facts: AppFactsCatalog;
  readonly #vaults: Vaults;
  readonly #clock: Clock;

  constructor(parts: {
    readonly facts: AppFactsCatalog;
    readonly vaults: Vaults;
    readonly clock: Clock;
  }) {
    this.#facts = parts.facts;
    this.#vaults = parts.vaults;
    this.#clock = parts.clock;
  }

  /** Ends early, without an error, when the object store cannot be reached. */
  async execute(householdId: HouseholdId, signal?: AbortSignal): Promise<ReadFactsReport> {
    const [packages, snapshots] = await Promise.all([
      this.#facts.unreadPackages(householdId, MOST_A_RUN),
      this.#facts.unreadSnapshots(householdId, MOST_A_RUN),
    ]);
    const report = { packages: 0, snapshots: 0, unreadable: 0 };
    if (packages.length + snapshots.length === 0) return report;
    const vault = await this.#vaults.open(householdId);
    const until = this.#clock.now().getTime() + LONGEST_MS;
    const goesOn = (): boolean => this.#clock.now().getTime() < until && signal?.aborted !== true;
    for (const { id, tree, bundleId } of packages) {
      if (!goesOn()) return report;
      const read = await readable(async () => packageAt(vault, tree, bundleId));
      if (read === 'later') return report;
      await this.#facts.notePackage(householdId, id, read === 'never' ? undefined : read);
      report.packages += 1;
      report.unreadable += read === 'never' ? 1 : 0;
    }
    for (const { id, tree, udid } of snapshots) {
      if (!goesOn()) return report;
      const read = await readable(async () => readStoredFacts(vault, tree, udid));
      if (read === 'later') return report;
      const installed = read === 'never' ? undefined : read.installedApps.map(installedRecord);
      await this.#facts.noteSnapshot(householdId, id, installed);
      report.snapshots += 1;
      report.unreadable += read === 'never' ? 1 : 0;
    }
    return report;
  }
}

/** `never`: what is stored is damaged, which trying again does not mend. `later`: it could not be reached. */
async function readable<T>(reading: () => Promise<T>): Promise<T | 'never' | 'later'> {
  try {
    return await reading();
  } catch (error) {
    if (!isArchiveError(error)) throw error;
    return error.kind === 'unavailable' || error.kind === 'interrupted' ? 'later' : 'never';
  }
}

async function packageAt(
  vault: HouseholdVault,
  tree: ChunkId,
  bundleId: string,
): Promise<Awaited<ReturnType<typeof readStoredPackage>> & { readonly bundleId: string }> {
  const file = await packageFile(vault, tree);
  return { ...(await readStoredPackage(vault, file, { bundleId })), bundleId };
}

/** @throws ArchiveError TREE_DAMAGED */
async function packageFile(vault: HouseholdVault, tree: ChunkId): Promise<StoredPackage> {
  for await (const { recipe, size } of vault.trees.entries(tree)) {
    if (recipe !== undefined) return { recipe, size };
  }
  throw new ArchiveError('TREE_DAMAGED', 'The package has no content in the vault.');
}
