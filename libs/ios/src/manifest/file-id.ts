import { hash } from 'node:crypto';

const FORM = /^[0-9a-f]{40}$/;

/**
 * The name a file of a backup has on disk: SHA-1 (FIPS 180-4) of `<domain>-<relative path>` in UTF-8, as 40
 * lower-case hex digits. The payload lies in `<first two digits>/<fileID>`.
 */
export function fileIdOf(domain: string, relativePath: string): string {
  return hash('sha1', `${domain}-${relativePath}`);
}

/** True for 40 lower-case hex digits. */
export function isFileId(text: string): boolean {
  return FORM.test(text);
}
