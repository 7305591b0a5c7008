import { isArchiveError } from '@rootcellar/model';
import type { HouseholdId, PackId, RootId } from '@rootcellar/model';
import type { HouseholdVault } from '@rootcellar/vault';
import { sameNeeds } from '@rootcellar/vault';
import type { MaintenanceCatalog, PackRecord, RootRecord } from '../ports/root-catalog.js';
import type { Vaults } from '../ports/vaults.js';

/** What a scrub found. Clean means: every byte is as it was written, and every root has all it needs. */
export interface ScrubReport {
  readonly clean: boolean;
  readonly packs: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly roots: number;
  /** The first hundred. */
  readonly findings: readonly ScrubFinding[];
}

export interface ScrubFinding {
  readonly what: 'pack' | 'root';
  readonly id: PackId | RootId;
  readonly code: string;
}

export interface ScrubProgress {
  readonly packs: number;
  readonly bytes: number;
  readonly roots: number;
}

export interface ScrubOptions {
  readonly onProgress?: (progress: ScrubProgress) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

const FINDINGS_MAX = 100;
const LOOKS = 3;

/** Reads every pack, checks every chunk, and counts every root anew from its tree. Changes nothing. */
export class ScrubVault {
  readonly #maintenance: MaintenanceCatalog;
  readonly #vaults: Vaults;

  constructor(maintenance: MaintenanceCatalog, vaults: Vaults) {
    this.#maintenance = maintenance;
    this.#vaults = vaults;
  }

  async execute(householdId: HouseholdId, options: ScrubOptions = {}): Promise<ScrubReport> {
    const vault = await this.#vaults.open(householdId);
    const seen = { packs: 0, chunks: 0, bytes: 0, roots: 0 };
    const findings: ScrubFinding[] = [];
    const note = (finding: ScrubFinding): void => {
      if (findings.length < FINDINGS_MAX) findings.push(finding);
    };
    let clean = true;
    for await (const pack of this.#packs(householdId)) {
      options.signal?.throwIfAborted();
      const result = await this.#checkPack(vault, householdId, pack);
      if (result.code !== undefined) {
        clean = false;
        note({ what: 'pack', id: pack.id, code: result.code });
      }
      seen.packs += 1;
      seen.chunks += result.chunks;
      seen.bytes += pack.size;
      await options.onProgress?.(seen);
    }
    for await (const root of this.#roots(householdId)) {
      options.signal?.throwIfAborted();
      const code = await this.#checkRoot(vault, householdId, root);
      if (code !== undefined) {
        clean = false;
        note({ what: 'root', id: root.id, code });
      }
      seen.roots += 1;
      await options.onProgress?.(seen);
    }
    return { ...seen, clean, findings };
  }

  async #checkPack(
    vault: HouseholdVault,
    householdId: HouseholdId,
    pack: PackRecord,
  ): Promise<{ readonly chunks: number; readonly code?: string }> {
    try {
      const { chunks, entries } = await vault.verifyPack(pack);
      if (!(await this.#maintenance.packRowsMatch(householdId, pack.id, entries)))
        return { chunks, code: 'INDEX_DIFFERS' };
      await this.#maintenance.noteVerified(pack.id);
      return { chunks };
    } catch (error) {
      if (!isArchiveError(error)) throw error;
      // Collection may have taken it meanwhile.
      if (!(await this.#maintenance.isLive(pack.id))) return { chunks: 0 };
      return { chunks: 0, code: error.code };
    }
  }

  /** What is found wrong is looked at again: chunks move, and roots go, while this runs. */
  async #checkRoot(
    vault: HouseholdVault,
    householdId: HouseholdId,
    seen: RootRecord,
  ): Promise<string | undefined> {
    let record: RootRecord | undefined = seen;
    let code: string | undefined;
    for (let attempt = 0; attempt < LOOKS && record !== undefined; attempt += 1) {
      code = await checkRoot(vault, record);
      if (code === undefined) return undefined;
      record = await this.#maintenance.root(householdId, seen.id);
    }
    return record === undefined ? undefined : code;
  }

  async *#packs(householdId: HouseholdId): AsyncGenerator<PackRecord> {
    let page = await this.#maintenance.livePacks(householdId, undefined);
    while (page.length > 0) {
      yield* page;
      page = await this.#maintenance.livePacks(householdId, page.at(-1)?.id);
    }
  }

  async *#roots(householdId: HouseholdId): AsyncGenerator<RootRecord> {
    let page = await this.#maintenance.roots(householdId, undefined);
    while (page.length > 0) {
      yield* page;
      page = await this.#maintenance.roots(householdId, page.at(-1)?.id);
    }
  }
}

async function checkRoot(vault: HouseholdVault, root: RootRecord): Promise<string | undefined> {
  try {
    const needs = await vault.countRoot(root);
    return sameNeeds(needs, root) ? undefined : 'CHUNK_SET_DIFFERS';
  } catch (error) {
    if (!isArchiveError(error)) throw error;
    return error.code;
  }
}
