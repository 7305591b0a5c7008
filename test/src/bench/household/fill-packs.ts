import type { Database } from '@rootcellar/catalog';
import { newId, sha256, systemClock } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import type { Owner } from './fill-household.js';
import { insertRows } from './insert-rows.js';
import type { OrdinalRange } from './packs.js';

/** A row of a chunk has these lengths, whatever it weighs: who collects looks at weights. */
const LENGTH = 100_000;
const PACKS_A_STATEMENT = 500;

/** The id of the chunk that {@link fillPacks} wrote for an ordinal. */
export function filledId(ordinal: number): ChunkId {
  const number = Buffer.alloc(8);
  number.writeBigInt64BE(BigInt(ordinal));
  return sha256(number);
}

/** What chunks weigh, one row a pack, and that their ordinals are given. */
export async function fillWeights(
  database: Database,
  { householdId }: Owner,
  weights: Uint32Array,
  packs: readonly OrdinalRange[],
): Promise<void> {
  await insertRows<OrdinalRange>(database, 'chunk_weights', packs, {
    ...{ household_id: ['uuid', () => householdId], first: ['bigint', ({ first }) => first] },
    weights: ['bytea', ({ first, end }) => encode(weights.subarray(first, end))],
  });
  await database.query('update household set next_ordinal = $2 where id = $1', [
    householdId,
    weights.length,
  ]);
}

/**
 * Rows of packs and of their chunks. No objects: no one reads these chunks.
 * @param needed the packs that some root needs: those of the ordinals below
 */
export async function fillPacks(
  database: Database,
  { householdId }: Owner,
  packs: readonly OrdinalRange[],
  needed: number,
): Promise<void> {
  const rows = packs.map((pack) => ({ ...pack, id: newId(systemClock) }));
  type Row = (typeof rows)[number];
  await insertRows<Row>(database, 'pack', rows, {
    ...{ id: ['uuid', ({ id }) => id], household_id: ['uuid', () => householdId] },
    ...{ type: ['smallint', () => 1], state: ['text', () => 'live'] },
    ...{ size: ['bigint', ({ bytes }) => bytes], payload: ['bigint', ({ bytes }) => bytes] },
    ...{ chunks: ['integer', ({ first, end }) => end - first] },
    sha256: ['bytea', () => Buffer.alloc(32)],
  });
  for (let from = 0; from < rows.length; from += PACKS_A_STATEMENT) {
    const some = rows.slice(from, from + PACKS_A_STATEMENT);
    await database.query(
      `insert into chunk (household_id, id, ordinal, pack_id, "offset", sealed_length, plain_length, kind, codec)
        select $1, sha256(int8send(n)), n, pack.id, 0, $5::integer, $5::integer, 1, 0
        from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as pack (id, first, "end"),
          generate_series(pack.first, pack."end" - 1) as n`,
      [
        householdId,
        some.map(({ id }) => id),
        some.map(({ first }) => first),
        some.map(({ end }) => end),
        LENGTH,
      ],
    );
  }
  await database.query(
    `insert into root_pack (root_id, pack_id)
      select root.id, pack.id from unnest($2::uuid[]) as pack (id),
        (select id from root where household_id = $1 order by id limit 1) as root`,
    [householdId, rows.filter(({ end }) => end <= needed).map(({ id }) => id)],
  );
  await database.query('analyze');
}

/** As the catalog keeps them. */
function encode(weights: Uint32Array): Buffer {
  return Buffer.from(Uint32Array.from(weights).buffer).swap32();
}
