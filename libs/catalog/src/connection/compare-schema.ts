import type { DataSource } from 'typeorm';
import { firstRow, rows } from '../sql.js';

/** Names of migrations. */
export interface SchemaDifference {
  /** What this release needs and the database lacks. */
  readonly missing: readonly string[];
  /** What a newer release made. */
  readonly unknown: readonly string[];
}

/** The schema of the database beside what this release knows. An empty database lacks everything. @throws ArchiveError DATABASE_FAILED, SERVER_BUSY */
export async function compareSchema(source: DataSource): Promise<SchemaDifference> {
  const table = await firstRow<{ there: boolean }>(
    source,
    `select to_regclass('migrations') is not null as there`,
  );
  const found =
    table?.there === true
      ? await rows<{ name: string }>(source, 'select name from migrations')
      : [];
  const applied = new Set(found.map(({ name }) => name));
  const known = new Set(source.migrations.map(({ name = '' }) => name));
  return {
    missing: [...known].filter((name) => !applied.has(name)),
    unknown: [...applied].filter((name) => !known.has(name)),
  };
}
