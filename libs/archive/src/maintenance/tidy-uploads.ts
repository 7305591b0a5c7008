import type { MaintenanceCatalog } from '../ports/root-catalog.js';
import type { UploadCatalog } from '../ports/upload-catalog.js';
import type { Vaults } from '../ports/vaults.js';

export interface TidyReport {
  readonly expiredUploads: number;
  readonly removedPacks: number;
}

/** Ends uploads that were silent for a day, and removes what is left of packs whose writing never ended. Idempotent. */
export class TidyUploads {
  readonly #uploads: UploadCatalog;
  readonly #maintenance: MaintenanceCatalog;
  readonly #vaults: Vaults;

  constructor(parts: { uploads: UploadCatalog; maintenance: MaintenanceCatalog; vaults: Vaults }) {
    this.#uploads = parts.uploads;
    this.#maintenance = parts.maintenance;
    this.#vaults = parts.vaults;
  }

  async execute(signal?: AbortSignal): Promise<TidyReport> {
    const expiredUploads = await this.#uploads.expireSilent();
    const unfinished = await this.#maintenance.takeUnfinishedPacks();
    for (const { householdId, packId } of unfinished) {
      signal?.throwIfAborted();
      const vault = await this.#vaults.open(householdId);
      await vault.removePack(packId);
      await this.#maintenance.noteDeleted(packId);
    }
    return { expiredUploads, removedPacks: unfinished.length };
  }
}
