import { ArchiveError } from '@rootcellar/model';

/** @param why half a sentence without anything read from the list: its contents are private. */
export function plistInvalid(why: string): ArchiveError {
  return new ArchiveError(
    'PLIST_INVALID',
    `A property list is damaged: ${why}. Nothing was taken from it.`,
  );
}

export function plistTooLarge(what: string, limit: number): ArchiveError {
  return new ArchiveError(
    'PLIST_TOO_LARGE',
    `A property list has ${what} than any device writes. Nothing was taken from it.`,
    { details: { limit } },
  );
}
