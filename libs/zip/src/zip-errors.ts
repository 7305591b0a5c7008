import { ArchiveError } from '@rootcellar/model';

/** @param why half a sentence, e.g. "is cut off"; never a name out of the package. */
export function notZip(why: string, cause?: unknown): ArchiveError {
  return new ArchiveError(
    'PACKAGE_NOT_ZIP',
    `The file ${why}. It is no app package; nothing was kept.`,
    {
      cause,
      hint: 'Download or export the app again.',
    },
  );
}

export function packageTooLarge(what: string, limit: number): ArchiveError {
  return new ArchiveError(
    'PACKAGE_TOO_LARGE',
    `The package has ${what} than any app. Nothing was kept of it.`,
    { details: { limit } },
  );
}

export function entriesUnsafe(why: string): ArchiveError {
  return new ArchiveError(
    'PACKAGE_ENTRIES_UNSAFE',
    `The package holds an entry name that ${why}. No app store makes such a package; nothing was kept of it.`,
  );
}
