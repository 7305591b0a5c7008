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
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === shorter) return Math.sign(a.length - b.length);
  const [one, other] = [rank(a, at), rank(b, at)];
  // UTF-16 and UTF-8 order characters alike up to the surrogates.
  if (one < SURROGATES && other < SURROGATES) return Math.sign(one - other);
  return Buffer.compare(pathKey(a), pathKey(b));
}

const SURROGATES = 0xd800;

/** NUL sorts before every character a name can hold, as the end of a part must. */
function rank(path: string, at: number): number {
  const unit = path.charCodeAt(at);
  return unit === SLASH ? 0 : unit;
}

const SLASH = 0x2f;

function pathKey(path: string): Buffer {
  return Buffer.from(path.replaceAll('/', '\0'));
}
