import { join } from 'node:path';
import { ArchiveError, isSafeRelativePath } from '@rootcellar/model';

/**
 * Characters no Windows file name may hold, and names it reserves (Microsoft, "Naming Files, Paths, and Namespaces"); and a `%` that
 * would look like one of our own escapes, so that no two names become one.
 */
const FORBIDDEN = /[<>:"\\|?*]|\p{Cc}|%(?=[0-9a-f]{2})/giu;
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/**
 * Where an entry is written. On Windows, what its names may not hold is written as `%XX`; elsewhere names are what they were.
 * @throws ArchiveError PROTOCOL_BROKEN for a path that leads outside of the folder
 */
export function localPath(root: string, path: string, platform: NodeJS.Platform): string {
  if (!isSafeRelativePath(path))
    throw new ArchiveError(
      'PROTOCOL_BROKEN',
      'The service named a path that leads outside of the target; nothing was written there.',
    );
  if (path === '') return root;
  const parts = path.split('/');
  return join(root, ...(platform === 'win32' ? parts.map(forWindows) : parts));
}

/** What a name on this disk was in the backup: undoes what {@link localPath} does to it. */
export function originalName(name: string, platform: NodeJS.Platform): string {
  if (platform !== 'win32') return name;
  return name.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function forWindows(name: string): string {
  const escaped = name.replace(FORBIDDEN, percent).replace(/[. ]$/, percent);
  return RESERVED.test(escaped) ? `${percent(escaped.charAt(0))}${escaped.slice(1)}` : escaped;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
