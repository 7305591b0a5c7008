import { describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { requireSchema } from './require-schema.js';

/** @param applied undefined: no migration was ever applied */
function source(known: readonly string[], applied: readonly string[] | undefined): DataSource {
  return {
    migrations: known.map((name) => ({ name })),
    query: (sql: string) =>
      Promise.resolve(
        sql.includes('to_regclass')
          ? [{ there: applied !== undefined }]
          : applied?.map((name) => ({ name })),
      ),
  } as unknown as DataSource;
}

describe('requireSchema', () => {
  it.each([
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [
      ['a', 'b'],
      ['a', 'b', 'of a later release'],
    ],
  ])('is content with %j when %j were applied', async (known, applied) => {
    await expect(requireSchema(source(known, applied))).resolves.toBeUndefined();
  });

  it.each([
    [['a', 'b'], ['a']],
    [['a'], undefined],
  ])('wants the migration first with %j when %j were applied', async (known, applied) => {
    await expect(requireSchema(source(known, applied))).rejects.toMatchObject({
      code: 'SCHEMA_OUTDATED',
      hint: expect.stringContaining('migrate'),
    });
  });
});
