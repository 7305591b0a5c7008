import { ArchiveError, readableText } from '@rootcellar/model';

const SHOWN_LINES = 5;

/** DATABASE_FAILED with what PostgreSQL itself said last. */
export function databaseFailed(
  message: string,
  options: { readonly said?: string; readonly hint?: string; readonly cause?: unknown } = {},
): ArchiveError {
  const said = (options.said ?? '')
    .split('\n')
    .map((line) => readableText(line, 300, ''))
    .filter((line) => line !== '')
    .slice(-SHOWN_LINES);
  return new ArchiveError('DATABASE_FAILED', message, {
    ...(said.length === 0 ? {} : { details: { said } }),
    ...(options.hint === undefined ? {} : { hint: options.hint }),
    ...(options.cause === undefined ? {} : { cause: options.cause }),
  });
}
