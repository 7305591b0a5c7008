import { ArchiveError } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { compareSchema } from './compare-schema.js';

/**
 * Whether every migration this release knows was applied. A schema that is newer is fine: releases that follow one another work on it
 * (docs/deployment.md).
 * @throws ArchiveError SCHEMA_OUTDATED
 */
export async function requireSchema(source: DataSource): Promise<void> {
  const { missing } = await compareSchema(source);
  if (missing.length === 0) return;
  throw new ArchiveError(
    'SCHEMA_OUTDATED',
    `The database's schema is of an earlier release: ${missing.length} steps are missing. Nothing was changed.`,
    { hint: 'Run the migration of this release first: `node apps/migrate/dist/main.js`.' },
  );
}
