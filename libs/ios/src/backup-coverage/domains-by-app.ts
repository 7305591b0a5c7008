const APP = 'AppDomain-';
const PLUGIN = 'AppDomainPlugin-';
const GROUP = 'AppDomainGroup-';

/**
 * Which domains of a backup are which app's: its own container, and those of extensions and groups that are called after it. A name
 * belongs to the app with the longest id it begins with: `group.net.whatsapp.WhatsApp.shared` to `net.whatsapp.WhatsApp`.
 */
export class DomainsByApp {
  /** Of apps that are known or have a container, sorted. */
  readonly bundleIds: readonly string[];
  readonly #domains = new Map<string, string[]>();
  readonly #groups = new Map<string, string[]>();

  constructor(domains: readonly string[], known: readonly string[]) {
    const containers = domains.filter((domain) => domain.startsWith(APP));
    const ids = new Set([...known, ...containers.map((domain) => domain.slice(APP.length))]);
    this.bundleIds = [...ids].sort();
    for (const domain of domains) {
      const owner = ownerOf(domain, ids);
      if (owner === undefined) continue;
      append(this.#domains, owner, domain);
      if (domain.startsWith(GROUP)) append(this.#groups, owner, domain.slice(GROUP.length));
    }
  }

  domainsOf(bundleId: string): readonly string[] {
    return this.#domains.get(bundleId) ?? [];
  }

  groupsOf(bundleId: string): readonly string[] {
    return this.#groups.get(bundleId) ?? [];
  }
}

function ownerOf(domain: string, ids: ReadonlySet<string>): string | undefined {
  if (domain.startsWith(APP)) return domain.slice(APP.length);
  if (domain.startsWith(PLUGIN)) return longestIn(ids, domain.slice(PLUGIN.length));
  if (domain.startsWith(GROUP))
    return longestIn(ids, domain.slice(GROUP.length).replace(/^group\./, ''));
  return undefined;
}

/** Shortens a name by its last part until it is an id. */
function longestIn(ids: ReadonlySet<string>, name: string): string | undefined {
  for (let id = name; ; id = id.slice(0, id.lastIndexOf('.'))) {
    if (ids.has(id)) return id;
    if (!id.includes('.')) return undefined;
  }
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
