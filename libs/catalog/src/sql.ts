import type { EntityManager } from 'typeorm';

/** Whatever can run a statement: the pool, or the connection of a transaction. */
export type Runner = Pick<EntityManager, 'query'>;

/** Rows of a SELECT (or of INSERT/UPDATE … RETURNING inside a CTE), typed by the caller who wrote the statement. */
export async function rows<Row extends object>(
  runner: Runner,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  return runner.query<Row[]>(sql, parameters);
}

export async function firstRow<Row extends object>(
  runner: Runner,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row | undefined> {
  const [row] = await rows<Row>(runner, sql, parameters);
  return row;
}

/** 32-byte digests in one parameter: a twentieth of the cost of an array of `bytea`. */
export function joinDigests(digests: readonly string[]): Buffer {
  return Buffer.from(digests.join(''), 'hex');
}

/**
 * SQL that looks up each chunk of `source` (which has an `id`) by the primary key. The `limit` keeps the planner from joining otherwise:
 * without statistics it would read all chunks of the household for every few ids.
 */
export function chunkOf(source: string, household: string): string {
  return `lateral (
    select * from chunk where chunk.household_id = ${household} and chunk.id = ${source}.id limit 1) as chunk`;
}

/** SQL that takes a parameter of {@link joinDigests} apart: `id`, `at` (from 0, in order). */
export function splitDigests(parameter: string): string {
  return `(select substr(${parameter}::bytea, n * 32 + 1, 32) as id, n as at
    from generate_series(0, octet_length(${parameter}::bytea) / 32 - 1) as n)`;
}
