/** What lies in a kit's folder. */
export const PLAN_FILE = 'PLAN.md';
export const SUMS_FILE = 'SHA256SUMS';
export const PACKAGE_FOLDER = 'package';
export const DATA_FOLDER = 'data';
/** In {@link PACKAGE_FOLDER}; the plan's commands name them. */
export const SINF_FILE = 'rights.sinf';
export const METADATA_FILE = 'iTunesMetadata.plist';

const GROUP = /^AppDomainGroup-(.+)$/;

/**
 * Where a file of an app's data lies in an `.imazingapp` (design/ios-facts.md 3.9); undefined for what has no place in one: plug-ins' containers,
 * and names with a backslash, which in a zip would be a folder.
 */
export function nameInImazingApp(domain: string, path: string): string | undefined {
  if (path.includes('\\')) return undefined;
  if (domain.startsWith('AppDomain-')) return `Container/${path}`;
  const group = GROUP.exec(domain)?.[1];
  return group === undefined ? undefined : `Container/AppGroups/${group}/${path}`;
}

/** A line of a file that `sha256sum -c` reads: names with a backslash or a line break are escaped, as GNU coreutils does. */
export function sumLine(sha256: string, name: string): string {
  const escaped = name
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`);
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`;
}
