import type { DataSource } from 'typeorm';
import { rows } from '../sql.js';

/** One page of a list; `nextCursor` is `null` on the last. */
export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** Id of the last item seen. */
  readonly cursor: string | undefined;
  readonly limit: number;
}

interface PageQuery<Row, Item> {
  /** Gives rows in the list's order behind `$1` (or from the start where it is null), at most `$2`. */
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly page: PageRequest;
  readonly toItem: (row: Row) => Item;
}

/** Runs a keyset query; asks for one more than the page to know whether there is a next. */
export async function pageOf<Row extends object, Item extends { readonly id: string }>(
  source: DataSource,
  query: PageQuery<Row, Item>,
): Promise<Page<Item>> {
  const { cursor, limit } = query.page;
  const found = await rows<Row>(source, query.sql, [
    cursor ?? null,
    limit + 1,
    ...query.parameters,
  ]);
  const items = found.slice(0, limit).map(query.toItem);
  const more = found.length > limit;
  return { items, nextCursor: more ? (items.at(-1)?.id ?? null) : null };
}
