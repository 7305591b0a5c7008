import type { Database } from '@rootcellar/catalog';

/** By name: a column's PostgreSQL type, and what a row has there. */
export type Columns<Row> = Readonly<
  Record<string, readonly [type: string, valueOf: (row: Row) => unknown]>
>;

/** What one statement takes: sets of chunks are large. */
const ROWS_A_STATEMENT = 250;

/** Writes rows straight into a table, many in one statement. */
export async function insertRows<Row>(
  database: Database,
  table: string,
  rows: readonly Row[],
  columns: Columns<Row>,
): Promise<void> {
  const all = Object.values(columns);
  const names = Object.keys(columns).map((name) => `"${name}"`);
  const arrays = all.map(([type], at) => `$${at + 1}::${type}[]`);
  const statement = `insert into ${table} (${names.join(', ')}) select * from unnest(${arrays.join(', ')})`;
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    const batch = rows.slice(from, from + ROWS_A_STATEMENT);
    await database.query(
      statement,
      all.map(([, valueOf]) => batch.map(valueOf)),
    );
  }
}
