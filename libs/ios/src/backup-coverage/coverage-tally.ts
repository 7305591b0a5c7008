import type { InstalledApp } from '../backup/installed-apps.js';
import { AREAS, areasOf } from './areas.js';
import type { AreaName } from './areas.js';
import { NO_CLOUD_FACTS } from './cloud-facts.js';
import type { CloudFacts } from './cloud-facts.js';
import type { Amount, AppAmount, AreaAmount, BackupCoverage, CoveredApp } from './coverage.js';
import { DomainsByApp } from './domains-by-app.js';

/** A file of a backup. */
export interface CoveredFile {
  readonly domain: string;
  readonly path: string;
  /** Undefined when it is listed and did not arrive. */
  readonly bytes: number | undefined;
}

interface MutableAmount {
  files: number;
  bytes: number;
  missingFiles: number;
}

/** A device has some hundred; the list of a lying Manifest.db ends here. */
const MAX_DOMAINS = 20_000;
const PREFERENCES = 'Library/Preferences/';

/** Counts the files of a backup as they come. Memory grows with domains, not with files. */
export class CoverageTally {
  readonly #total = nothing();
  readonly #uncounted = nothing();
  readonly #domains = new Map<string, MutableAmount>();
  readonly #areas = new Map<AreaName, MutableAmount>();
  /** Of domains of apps, those with a file that is more than a setting. */
  readonly #withData = new Set<string>();

  add({ domain, path, bytes }: CoveredFile): void {
    count(this.#total, bytes);
    for (const area of areasOf(domain, path)) count(entryOf(this.#areas, area), bytes);
    if (this.#domains.size >= MAX_DOMAINS && !this.#domains.has(domain)) {
      count(this.#uncounted, bytes);
      return;
    }
    count(entryOf(this.#domains, domain), bytes);
    if (bytes !== undefined && !path.startsWith(PREFERENCES)) this.#withData.add(domain);
  }

  /** @param apps that the backup says were on the device */
  finish(
    encrypted: boolean,
    apps: readonly InstalledApp[],
    cloud: CloudFacts = NO_CLOUD_FACTS,
  ): BackupCoverage {
    const domains = [...this.#domains].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      ...{ encrypted, cloud, total: this.#total },
      areas: AREAS.map(({ name, encryptedOnly = false }) =>
        this.#area(name, encryptedOnly && !encrypted),
      ),
      apps: this.#apps(apps),
      domains: domains.map(([domain, amount]) => ({ domain, ...amount })),
      uncounted: this.#uncounted.files === 0 ? undefined : this.#uncounted,
    };
  }

  #area(area: AreaName, heldBack: boolean): AreaAmount {
    const amount = this.#areas.get(area) ?? nothing();
    if (amount.files > 0) return { area, state: 'there', ...amount };
    return { area, state: heldBack ? 'held-back' : 'none', ...amount };
  }

  #apps(installed: readonly InstalledApp[]): AppAmount[] {
    const known = new Map(installed.map((app) => [app.bundleId, app]));
    const byApp = new DomainsByApp([...this.#domains.keys()], [...known.keys()]);
    return byApp.bundleIds.map((bundleId) =>
      this.#app(coveredApp(bundleId, known.get(bundleId)), byApp),
    );
  }

  #app(app: CoveredApp, byApp: DomainsByApp): AppAmount {
    const amount = nothing();
    const domains = byApp.domainsOf(app.bundleId);
    for (const domain of domains) addTo(amount, this.#domains.get(domain));
    const content = domains.some((domain) => this.#withData.has(domain)) ? 'data' : 'settings';
    return {
      ...app,
      content: amount.files === amount.missingFiles ? 'empty' : content,
      groups: byApp.groupsOf(app.bundleId),
      ...amount,
    };
  }
}

/** @param app as the backup's property lists have it; undefined when they do not */
export function coveredApp(bundleId: string, app: InstalledApp | undefined): CoveredApp {
  return {
    ...{ bundleId, name: app?.name, version: app?.version },
    presence: app === undefined ? 'left-over' : app.offloaded ? 'offloaded' : 'installed',
  };
}

function entryOf<Key>(map: Map<Key, MutableAmount>, key: Key): MutableAmount {
  const known = map.get(key);
  if (known !== undefined) return known;
  const fresh = nothing();
  map.set(key, fresh);
  return fresh;
}

function count(amount: MutableAmount, bytes: number | undefined): void {
  amount.files += 1;
  if (bytes === undefined) amount.missingFiles += 1;
  else amount.bytes += bytes;
}

function addTo(sum: MutableAmount, amount: Amount | undefined): void {
  if (amount === undefined) return;
  sum.files += amount.files;
  sum.bytes += amount.bytes;
  sum.missingFiles += amount.missingFiles;
}

function nothing(): MutableAmount {
  return { files: 0, bytes: 0, missingFiles: 0 };
}
