import type { Command } from 'commander';
import { ArchiveError } from '@rootcellar/model';

export interface PageOptions {
  readonly limit?: string;
  readonly cursor?: string;
}

/** The options every list has. */
export function withPage(command: Command): Command {
  return command
    .option('--limit <n>', 'items a page, 1 to 1000')
    .option('--cursor <cursor>', '`nextCursor` of the page before');
}

/** @throws ArchiveError INPUT_INVALID */
export function pageQuery(options: PageOptions): { limit?: number; cursor?: string } {
  const limit = options.limit === undefined ? undefined : Number(options.limit);
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1 || limit > 1000)) {
    throw new ArchiveError('INPUT_INVALID', '--limit is a whole number from 1 to 1000.');
  }
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
  };
}

/** What to say below a list that goes on. */
export function more(nextCursor: string | null): string {
  return nextCursor === null ? '' : `\nThere is more: --cursor ${nextCursor}`;
}

/** A point in time as the person at this terminal reads it. */
export function when(text: string | null): string {
  if (text === null) return '–';
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(text),
  );
}
