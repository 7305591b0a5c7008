import { openRegularFile } from '../files/open-regular-file.js';
import type { RegularFile } from '../files/open-regular-file.js';
import { checkTrees } from './check-trees.js';
import { Manifest } from './manifest.js';
import { manifestDamaged } from './manifest-errors.js';
import { fenceToFiles, openDatabase } from './open-database.js';
import { refuseOpenLog } from './refuse-open-log.js';
import { SQLITE_HEADER_BYTES, readSqliteHeader } from './sqlite-header.js';

export interface OpenManifestOptions {
  /** The same bytes were opened before without complaint: their pages need not be walked again. */
  readonly checked?: boolean;
}

/**
 * Opens a Manifest.db that is not encrypted. Nothing is written, neither to it nor beside it.
 *
 * @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_CHANGING, BACKUP_PATH_UNSAFE, BACKUP_NOT_FOUND
 */
export async function openManifest(
  path: string,
  { checked = false }: OpenManifestOptions = {},
): Promise<Manifest> {
  await using file = await openRegularFile(path);
  if (file === undefined) throw manifestDamaged('is missing');
  const header = readSqliteHeader(await readHead(file), file.bytes);
  await refuseOpenLog(path);
  // Page 1 holds the schema, which SQLite reads as soon as it opens the file.
  if (!checked) checkTrees(file.handle.fd, header, [1]);
  const database = openDatabase(path);
  try {
    const roots = fenceToFiles(database);
    if (!checked) checkTrees(file.handle.fd, header, roots);
    return new Manifest(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The first bytes of Manifest.db, as many as there are. */
export async function readHead({ handle, bytes }: RegularFile): Promise<Buffer> {
  if (bytes === 0) throw manifestDamaged('is empty');
  const head = Buffer.alloc(Math.min(bytes, SQLITE_HEADER_BYTES));
  await handle.read(head, 0, head.length, 0);
  return head;
}
