import { ArchiveError } from '@rootcellar/model';
import { openRegularFile } from '../files/open-regular-file.js';

/** A write-ahead log with its header alone holds no change: https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const WAL_HEADER_BYTES = 32;
/** How a rollback journal begins that is still to be played back. */
const HOT_JOURNAL = Buffer.from('d9d505f920a163d7', 'hex');

/**
 * Devices leave no log beside Manifest.db. Where one with changes lies, some program has the database open or died in
 * it: what the file alone says is then not what the backup is.
 *
 * @throws ArchiveError BACKUP_CHANGING
 */
export async function refuseOpenLog(manifestPath: string): Promise<void> {
  await using log = await openRegularFile(`${manifestPath}-wal`);
  if (log !== undefined && log.bytes > WAL_HEADER_BYTES) throw logOpen();
  await using journal = await openRegularFile(`${manifestPath}-journal`);
  if (journal === undefined) return;
  const head = Buffer.alloc(HOT_JOURNAL.length);
  await journal.handle.read(head, 0, head.length, 0);
  if (head.equals(HOT_JOURNAL)) throw logOpen();
}

function logOpen(): ArchiveError {
  return new ArchiveError(
    'BACKUP_CHANGING',
    'Beside Manifest.db lies a log with changes that are not in it yet. Nothing was recorded.',
    {
      hint: 'Close the program that has the backup open, or open and close Manifest.db once with sqlite3.',
    },
  );
}
