/** Longest path we keep, in bytes of UTF-8: PATH_MAX of Linux. */
export const PATH_MAX_BYTES = 4096;

/**
 * True for `a/b/c`: relative, `/` between the parts, no empty part, no `.` or `..`, no NUL, well-formed UTF-16, at most
 * {@link PATH_MAX_BYTES}. The empty string is the folder itself and is safe. A backslash or a colon is a character like any other:
 * whoever writes files on Windows escapes them.
 */
export function isSafeRelativePath(path: string): boolean {
  if (path === '') return true;
  if (path.includes('\0') || !path.isWellFormed() || Buffer.byteLength(path) > PATH_MAX_BYTES)
    return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/**
 * The order of entries in a tree: part by part, each by its UTF-8 bytes, so that a folder comes right before
 * what is in it. Walking folders in byte order of their names yields exactly this order.
 */
export function comparePaths(a: string, b: string): number {
  return Buffer.compare(pathKey(a), pathKey(b));
}

function pathKey(path: string): Buffer {
  // NUL sorts before every byte a name can hold, as the end of a part must.
  return Buffer.from(path.replaceAll('/', '\0'));
}
