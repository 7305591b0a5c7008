import { ArchiveError } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { firstRow } from '../sql.js';

/**
 * Whether every migration this release knows was applied. A schema that is newer is fine: releases that follow one another work on it
 * (docs/deployment.md).
 * @throws ArchiveError SCHEMA_OUTDATED
 */
export async function requireSchema(source: DataSource): Promise<void> {
  const table = await firstRow<{ there: boolean }>(
    source,
    `select to_regclass('migrations') is not null as there`,
  );
  const applied =
    table?.there === true
      ? await source.query<{ name: string }[]>('select name from migrations')
      : [];
  const names = new Set(applied.map(({ name }) => name));
  const missing = source.migrations.filter(({ name }) => !names.has(name ?? ''));
  if (missing.length === 0) return;
  throw new ArchiveError(
    'SCHEMA_OUTDATED',
    `The database's schema is of an earlier release: ${missing.length} steps are missing. Nothing was changed.`,
    { hint: 'Run the migration of this release first: `node apps/migrate/dist/main.js`.' },
  );
}
