import type { InstalledApp } from '../backup/installed-apps.js';
import { AREAS, areasOf } from './areas.js';
import type { AreaName } from './areas.js';
import type { Amount, AppAmount, AreaAmount, BackupCoverage } from './coverage.js';

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

const APP = 'AppDomain-';
const GROUP = 'AppDomainGroup-';
const PLUGIN = 'AppDomainPlugin-';
const PREFERENCES = 'Library/Preferences/';

/** Counts the files of a backup as they come. Memory grows with domains, not with files: a device has some hundred. */
export class CoverageTally {
  readonly #total = nothing();
  readonly #domains = new Map<string, MutableAmount>();
  readonly #areas = new Map<AreaName, MutableAmount>();
  /** Of domains of apps, those with a file that is more than a setting. */
  readonly #withData = new Set<string>();

  add({ domain, path, bytes }: CoveredFile): void {
    count(this.#total, bytes);
    count(entryOf(this.#domains, domain), bytes);
    for (const area of areasOf(domain, path)) count(entryOf(this.#areas, area), bytes);
    if (bytes !== undefined && !path.startsWith(PREFERENCES)) this.#withData.add(domain);
  }

  /** @param apps that the backup says were on the device */
  finish(encrypted: boolean, apps: readonly InstalledApp[]): BackupCoverage {
    const domains = [...this.#domains].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      encrypted,
      total: this.#total,
      areas: AREAS.map(({ name, encryptedOnly = false }) =>
        this.#area(name, encryptedOnly && !encrypted),
      ),
      apps: this.#apps(apps),
      domains: domains.map(([domain, amount]) => ({ domain, ...amount })),
    };
  }

  #area(area: AreaName, heldBack: boolean): AreaAmount {
    const amount = this.#areas.get(area) ?? nothing();
    if (amount.files > 0) return { area, state: 'there', ...amount };
    return { area, state: heldBack ? 'held-back' : 'none', ...amount };
  }

  #apps(installed: readonly InstalledApp[]): AppAmount[] {
    const known = new Map(installed.map((app) => [app.bundleId, app]));
    const withData = [...this.#domains.keys()]
      .filter((domain) => domain.startsWith(APP))
      .map((domain) => domain.slice(APP.length));
    const ids = [...new Set([...known.keys(), ...withData])].sort();
    const groups = this.#groupsBy(ids);
    return ids.map((bundleId) => this.#app(bundleId, known.get(bundleId), groups.get(bundleId)));
  }

  #app(bundleId: string, app: InstalledApp | undefined, groups: readonly string[] = []): AppAmount {
    const domains = [`${APP}${bundleId}`, ...this.#pluginsOf(bundleId), ...groups];
    const amount = nothing();
    for (const domain of domains) addTo(amount, this.#domains.get(domain));
    const content = domains.some((domain) => this.#withData.has(domain)) ? 'data' : 'settings';
    return {
      ...{ bundleId, name: app?.name, version: app?.version },
      presence: app === undefined ? 'left-over' : app.offloaded ? 'offloaded' : 'installed',
      content: amount.files === amount.missingFiles ? 'empty' : content,
      groups: groups.map((domain) => domain.slice(GROUP.length)),
      ...amount,
    };
  }

  /** Extensions are called after their app: `com.example.app.share`. */
  #pluginsOf(bundleId: string): string[] {
    const prefix = `${PLUGIN}${bundleId}.`;
    return [...this.#domains.keys()].filter((domain) => domain.startsWith(prefix));
  }

  /** A group belongs to the app with the longest id that stands in its name. */
  #groupsBy(bundleIds: readonly string[]): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    const longestFirst = bundleIds.toSorted((a, b) => b.length - a.length);
    for (const domain of this.#domains.keys()) {
      if (!domain.startsWith(GROUP)) continue;
      const group = domain.slice(GROUP.length);
      const owner = longestFirst.find((id) => isNamedAfter(group, id));
      if (owner !== undefined) found.set(owner, [...(found.get(owner) ?? []), domain]);
    }
    return found;
  }
}

/** `group.net.whatsapp.WhatsApp.shared` after `net.whatsapp.WhatsApp`. */
function isNamedAfter(group: string, bundleId: string): boolean {
  const name = group.replace(/^group\./, '');
  return name === bundleId || name.startsWith(`${bundleId}.`);
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
