import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** An app's database as a backup holds it. */
export interface AppDatabase {
  readonly database: Buffer;
  /** `-wal`, when the app had not written it into the database yet. */
  readonly log: Buffer;
}

/**
 * Makes a SQLite database.
 * @param last what stands in the log alone
 */
export async function appDatabase(
  room: string,
  statements: readonly string[],
  last: readonly string[] = [],
): Promise<AppDatabase> {
  const path = join(room, 'app.sqlite');
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
    for (const statement of statements) database.exec(statement);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    for (const statement of last) database.exec(statement);
    return { database: await readFile(path), log: await readFile(`${path}-wal`) };
  } finally {
    database.close();
    for (const end of ['', '-wal', '-shm']) await rm(`${path}${end}`, { force: true });
  }
}
