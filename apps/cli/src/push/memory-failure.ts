import { ArchiveError } from '@rootcellar/model';
import { errorCode } from '../error-code.js';

/** Result codes of SQLite (https://sqlite.org/rescode.html), without what an extended code adds. */
export const SQLITE = { error: 1, busy: 5, corrupt: 11, full: 13, notADatabase: 26 } as const;

/** SQLite's result code, `undefined` for other errors. */
export function sqliteCode(error: unknown): number | undefined {
  if (errorCode(error) !== 'ERR_SQLITE_ERROR') return undefined;
  const { errcode } = error as { readonly errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

/** Turns what SQLite says of the push memory into our words; anything else stays as it is. */
export function memoryFailure(error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === undefined) return error;
  if (code === SQLITE.full) {
    return new ArchiveError(
      'STORAGE_FULL',
      'The disk with the settings of this command has no room; nothing was recorded.',
      { cause: error, hint: 'Make room, or name another folder with ROOTCELLAR_CONFIG.' },
    );
  }
  return new ArchiveError(
    'DATA_UNUSABLE',
    'What this command remembers of earlier pushes cannot be read or written; nothing was recorded.',
    {
      cause: error,
      hint: 'The folder `push-memory` among its settings may be deleted at any time.',
    },
  );
}
