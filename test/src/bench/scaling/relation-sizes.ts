import type { Database } from '@rootcellar/catalog';

export interface RelationSize {
  /** Partitions are counted to their table. */
  readonly table: string;
  readonly rows: number;
  /** In bytes, as all others; what is stored apart from the row (TOAST) is with it. */
  readonly heap: number;
  /** By what the indexes are of. */
  readonly indexes: Readonly<Record<string, number>>;
}

/** The tables that have anything to speak of, largest first. */
export async function relationSizes(database: Database): Promise<RelationSize[]> {
  const found = await database.query<
    { table: string; rows: string; heap: string; indexes: Record<string, number> | null }[]
  >(`
    with part as (
        select class.oid, coalesce(parent.relname, class.relname) as "table", greatest(class.reltuples, 0) as rows
        from pg_class as class left join pg_inherits on inhrelid = class.oid left join pg_class as parent on parent.oid = inhparent
        where class.relkind = 'r' and class.relnamespace = 'public'::regnamespace),
      index as (
        select part."table", array_to_string(array(
            select attname from pg_attribute where attrelid = indexrelid order by attnum), ', ') as columns,
          sum(pg_relation_size(indexrelid)) as bytes
        from part join pg_index on indrelid = part.oid group by 1, 2)
    select part."table", sum(rows)::bigint as rows, sum(pg_table_size(part.oid)) as heap,
      (select jsonb_object_agg(columns, bytes) from index where index."table" = part."table") as indexes
    from part group by 1 order by sum(pg_total_relation_size(part.oid)) desc`);
  return found
    .map(({ rows, heap, indexes, table }) => ({
      ...{ table, rows: Number(rows), heap: Number(heap) },
      indexes: indexes ?? {},
    }))
    .filter(({ rows }) => rows > 0);
}

/** In MiB. */
export function describeSize({ table, rows, heap, indexes }: RelationSize): string {
  const size = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  const each = Object.entries(indexes).map(([columns, bytes]) => `(${columns}) ${size(bytes)}`);
  return `table ${table}: ${rows} rows, ${size(heap)} MiB; indexes ${each.join(', ')}`;
}
