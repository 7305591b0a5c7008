import { open } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { Manifest } from '../manifest/manifest.js';

/** As devices make it since iOS 10. */
const SCHEMA = `
  CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);
  CREATE INDEX FilesDomainIdx ON Files(domain);
  CREATE INDEX FilesRelativePathIdx ON Files(relativePath);
  CREATE INDEX FilesFlagsIdx ON Files(flags);
  CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB);
`;
const FLAGS = { file: 1, folder: 2, link: 4 } as const;
/** Where SQLite's header holds the application's own version, and the marks for the log (https://sqlite.org/fileformat.html, 1.3). */
const USER_VERSION_AT = 60;
const LOG_MARK_AT = 18;

/**
 * Writes a Manifest.db with the rows of some domains. It is made anew and not copied and thinned out: pages that were freed would keep
 * other apps' file names, and a copied schema could hold triggers.
 *
 * @param like the Manifest.db the rows come from: its user version is kept
 */
export async function writeManifestPart(
  manifest: Manifest,
  domains: readonly string[],
  { like, to }: { readonly like: string; readonly to: string },
): Promise<void> {
  const userVersion = await readInt(like, USER_VERSION_AT);
  const database = new DatabaseSync(to);
  try {
    database.exec(
      `PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = OFF; PRAGMA user_version = ${String(userVersion)}; BEGIN; ${SCHEMA}`,
    );
    const insert = database.prepare('INSERT INTO Files VALUES (?, ?, ?, ?, ?)');
    for (const domain of domains) {
      for (const row of manifest.files({ domain })) {
        // A kind that a later iOS brought is not guessed.
        if (row.type === 'other') continue;
        const { fileId, relativePath, type, blob = null } = row;
        insert.run(fileId, domain, relativePath, FLAGS[type], blob);
      }
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
  await markAsWal(to);
}

async function readInt(path: string, at: number): Promise<number> {
  await using file = await open(path, 'r');
  const bytes = Buffer.alloc(4);
  await file.read(bytes, 0, 4, at);
  return bytes.readInt32BE();
}

/** Devices leave it marked so, without a log beside it. */
async function markAsWal(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(Buffer.of(2, 2), 0, 2, LOG_MARK_AT);
  await file.sync();
}
