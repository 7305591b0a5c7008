/**
 * Which of a backup's domains hold an app's data: its container, its plugins' and its groups'. A backup does not say whose a group is: by
 * convention its id is `group.` and the app's bundle id, and perhaps more. A group of another name is nobody's here.
 *
 * @param bundleIds of the apps that are asked for
 * @param known bundle ids of all apps that are known: `com.example.notes.pro` is no plugin of `com.example.notes`
 */
export function isDomainOf(
  domain: string,
  bundleIds: readonly string[],
  known: readonly string[],
): boolean {
  const app = APP.exec(domain)?.[1];
  if (app !== undefined) return bundleIds.includes(app);
  const part = PLUGIN.exec(domain)?.[1] ?? GROUP.exec(domain)?.[1];
  if (part === undefined) return false;
  const owner = longestOf([...known, ...bundleIds], part);
  return owner !== undefined && bundleIds.includes(owner);
}

/** The app whose container a domain is. */
export function appOfDomain(domain: string): string | undefined {
  return APP.exec(domain)?.[1];
}

const APP = /^AppDomain-(.+)$/;
const PLUGIN = /^AppDomainPlugin-(.+)$/;
const GROUP = /^AppDomainGroup-group\.(.+)$/;

function longestOf(bundleIds: readonly string[], part: string): string | undefined {
  return bundleIds
    .filter((id) => part === id || part.startsWith(`${id}.`))
    .reduce<string | undefined>(
      (longest, id) => (longest === undefined || id.length > longest.length ? id : longest),
      undefined,
    );
}
