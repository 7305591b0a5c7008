import { ArchiveError, isArchiveError, parseId } from '@rootcellar/model';

/** The id a user gave. @throws ArchiveError INPUT_INVALID with this message and hint */
export function idIn(
  text: string,
  wrong: { readonly message: string; readonly hint: string },
): string {
  try {
    return parseId(text);
  } catch (cause) {
    if (!isArchiveError(cause, 'INPUT_INVALID')) throw cause;
    throw new ArchiveError('INPUT_INVALID', wrong.message, { cause, hint: wrong.hint });
  }
}

/**
 * A name a user gave, as a part of an address. Nothing, `.` and `..` would lead to another address.
 * @throws ArchiveError NOT_FOUND: nothing is called that
 */
export function nameIn(text: string, hint: string): string {
  if (!['', '.', '..'].includes(text)) return text;
  throw new ArchiveError('NOT_FOUND', 'Nothing has such a name.', { hint });
}
