import { ArchiveError } from '@rootcellar/model';

declare const brand: unique symbol;
/**
 * The name of an object: parts joined by `/`, of letters, digits, `.`, `_` and `-`, none of them `.` or `..`. At most 512
 * bytes, 255 a part. Safe as a path below a folder and in a URL. A key is never the folder of another (`a` and `a/b`), and
 * no two keys differ in upper and lower case only: file systems could not hold both.
 */
export type ObjectKey = string & { readonly [brand]: 'ObjectKey' };

const KEY_MAX_BYTES = 512;
const PART = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,255}$/;
const PART_BEGINNING = /^[A-Za-z0-9._-]{0,255}$/;

/** @throws ArchiveError INPUT_INVALID */
export function objectKey(text: string): ObjectKey {
  if (!isObjectKey(text)) {
    throw new ArchiveError(
      'INPUT_INVALID',
      'An object key is made of parts of letters, digits, ".", "_" and "-" with "/" between them, at most 512 bytes long.',
    );
  }
  return text;
}

/** True for what `objectKey` takes. */
export function isObjectKey(text: string): text is ObjectKey {
  return text.length <= KEY_MAX_BYTES && text.split('/').every((part) => PART.test(part));
}

/**
 * Every adapter looks at the prefix of a listing with this: it may end anywhere inside of a key.
 * @throws ArchiveError INPUT_INVALID when no key can begin so
 */
export function assertKeyPrefix(prefix: string): void {
  const parts = prefix.split('/');
  const beginning = parts.pop() ?? '';
  const possible =
    prefix.length <= KEY_MAX_BYTES &&
    parts.every((part) => PART.test(part)) &&
    PART_BEGINNING.test(beginning);
  if (!possible) throw new ArchiveError('INPUT_INVALID', 'No object key begins with this prefix.');
}
