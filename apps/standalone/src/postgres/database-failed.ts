import { ArchiveError, readableText } from '@rootcellar/model';

const SHOWN_LINES = 5;
/** How the C library names ENOSPC and EDQUOT; PostgreSQL speaks no other language here (`lc_messages`). */
const NO_ROOM = /No space left on device|Disk quota exceeded/;

/** DATABASE_FAILED with what PostgreSQL itself said last; STORAGE_FULL when that was a full disk. */
export function databaseFailed(
  message: string,
  options: { readonly said?: string; readonly hint?: string; readonly cause?: unknown } = {},
): ArchiveError {
  const said = (options.said ?? '')
    .split('\n')
    .map((line) => readableText(line, 300, ''))
    .filter((line) => line !== '')
    .slice(-SHOWN_LINES);
  const more = {
    ...(said.length === 0 ? {} : { details: { said } }),
    ...(options.hint === undefined ? {} : { hint: options.hint }),
    ...(options.cause === undefined ? {} : { cause: options.cause }),
  };
  if (!NO_ROOM.test(options.said ?? '')) return new ArchiveError('DATABASE_FAILED', message, more);
  return new ArchiveError('STORAGE_FULL', `${message} Its disk has no room left.`, {
    ...more,
    hint: 'Make room on the disk of the data folder and start again.',
  });
}
