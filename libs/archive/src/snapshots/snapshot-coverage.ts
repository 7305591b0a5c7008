import { readFile, writeFile } from 'node:fs/promises';
import {
  NO_CLOUD_FACTS,
  appsChecklist,
  checklistWithoutPassword,
  coveredApp,
  restoreChecklist,
} from '@rootcellar/ios';
import type { BackupCoverage, ChecklistLine, CloudFacts, CoveredApp } from '@rootcellar/ios';
import type { SnapshotId } from '@rootcellar/model';
import type { HouseholdVault } from '@rootcellar/vault';
import type { Actor } from '../ports/people-catalog.js';
import type { ReadableSnapshot } from '../ports/root-catalog.js';
import type { Scratch } from '../ports/scratch.js';
import { readStoredFacts } from '../uploads/read-stored-facts.js';
import { storedPayloads } from './arrived-files.js';
import { countFiles } from './count-files.js';
import { findReadableSnapshot } from './find-readable.js';
import type { ReadParts } from './stream-snapshot.js';

/** What a snapshot contains and what a restore from it would not bring back. */
export interface SnapshotCoverageReport {
  readonly encrypted: boolean;
  /** Bundle ids of the apps whose data alone the reader may have; undefined for all of it. Then nothing here tells of anything else. */
  readonly only: readonly string[] | undefined;
  /** Counted from the backup's own list of files; undefined where only the password would show it. */
  readonly content: BackupCoverage | undefined;
  /** Payloads as they are stored, encrypted ones padded; undefined when an app's data alone may be read. */
  readonly payloads: { readonly files: number; readonly bytes: number } | undefined;
  readonly apps: readonly (CoveredApp & {
    /** Whether a package of it is kept that the reader may read. */
    readonly packageKept: boolean;
  })[];
  /** All unknown when only some apps' data may be read, or without the password. */
  readonly cloud: CloudFacts;
  readonly checklist: readonly ChecklistLine[];
}

/** What of a report does not change any more once the snapshot is there. */
type Counted = Pick<SnapshotCoverageReport, 'content' | 'payloads'> & {
  readonly apps: readonly CoveredApp[];
};

/** Says what a backup contains, for whoever is about to wipe a phone. */
export class SnapshotCoverage {
  readonly #parts: Pick<ReadParts, 'reading' | 'vaults'>;
  readonly #scratch: Scratch;

  constructor(parts: Pick<ReadParts, 'reading' | 'vaults'>, scratch: Scratch) {
    this.#parts = parts;
    this.#scratch = scratch;
  }

  /** @throws ArchiveError NOT_FOUND, BACKUP_MANIFEST_DAMAGED, BACKUP_PLIST_DAMAGED, BACKUP_PATH_UNSAFE */
  async execute(actor: Actor, id: SnapshotId): Promise<SnapshotCoverageReport> {
    const { reading } = this.#parts;
    const snapshot = await findReadableSnapshot(reading, actor, id);
    const { apps, content, payloads } = await this.#counted(snapshot);
    const ids = apps.map(({ bundleId }) => bundleId);
    const kept = await reading.keptApps(actor, ids);
    const { encrypted, only } = snapshot;
    return {
      ...{ encrypted, only, content, payloads },
      cloud: content?.cloud ?? NO_CLOUD_FACTS,
      apps: apps.map((app) => ({ ...app, packageKept: kept.has(app.bundleId) })),
      checklist: checklist({ apps, content, payloads, only }, kept),
    };
  }

  /** Counting goes through all files, so what was counted is kept for a while; a snapshot does not change, what of it may be read does. */
  async #counted(snapshot: ReadableSnapshot): Promise<Counted> {
    const part = snapshot.only === undefined ? 'all' : JSON.stringify([...snapshot.only].sort());
    return this.#scratch.withFile(
      `coverage/${snapshot.id}/${part}`,
      async (path) => writeFile(path, JSON.stringify(await this.#count(snapshot)), { mode: 0o600 }),
      async (path) => fromJson(await readFile(path, 'utf8')),
    );
  }

  async #count(snapshot: ReadableSnapshot): Promise<Counted> {
    const vault = await this.#parts.vaults.open(snapshot.householdId);
    const { installedApps } = await readStoredFacts(vault, snapshot.tree, snapshot.udid);
    if (snapshot.encrypted) {
      const apps = installedApps.map((app) => coveredApp(app.bundleId, app));
      return {
        ...{ content: undefined, apps: apps.filter(mayTellOf(snapshot)) },
        payloads: snapshot.only === undefined ? await countPayloads(vault, snapshot) : undefined,
      };
    }
    const { content, payloads } = await countFiles(this.#scratch, vault, {
      ...{ snapshot, installedApps },
    });
    const apps = content.apps.filter(mayTellOf(snapshot));
    if (snapshot.only === undefined) return { content, payloads, apps };
    return { content: { ...content, apps, areas: [] }, payloads: undefined, apps };
  }
}

function mayTellOf({ only }: ReadableSnapshot): (app: CoveredApp) => boolean {
  return ({ bundleId }) => only === undefined || only.includes(bundleId);
}

async function countPayloads(
  vault: HouseholdVault,
  { tree }: ReadableSnapshot,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const sum = { files: 0, bytes: 0 };
  for await (const { size } of storedPayloads(vault.trees.entries(tree))) {
    sum.files += 1;
    sum.bytes += size;
  }
  return sum;
}

function checklist(
  { apps, content, only }: Counted & Pick<ReadableSnapshot, 'only'>,
  kept: ReadonlySet<string>,
): readonly ChecklistLine[] {
  if (only !== undefined) return content === undefined ? [] : appsChecklist(content, kept);
  return content === undefined
    ? checklistWithoutPassword(apps, kept)
    : restoreChecklist(content, kept);
}

function fromJson(text: string): Counted {
  return JSON.parse(text, (key, value: unknown) =>
    key === 'photosSyncedAt' && typeof value === 'string' ? new Date(value) : value,
  ) as Counted;
}
