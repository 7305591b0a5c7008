import { ArchiveError } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';
import type { PackEntry, WrittenPack } from '@rootcellar/vault';
import type { Runner } from '../sql.js';
import { chunkOf, firstRow, rows, splitDigests } from '../sql.js';

/**
 * A durable pack becomes live with its chunks, in one transaction. The household's row is the lock under which ordinals are given,
 * so no two packs add the same chunk at a time.
 */
export async function commitPack(
  tx: Runner,
  householdId: HouseholdId,
  pack: WrittenPack,
): Promise<void> {
  const entries = firstOfEach(pack.entries);
  const ids = Buffer.concat(entries.map(({ id }) => id));
  await tx.query('select from household where id = $1 for no key update', [householdId]);
  await goLive(tx, pack, entries.length);
  const heldElsewhere = await pinOtherPacks(tx, householdId, pack, ids);
  const own = entries.filter((_, at) => !heldElsewhere.has(at));
  await insertChunks(tx, householdId, pack, own);
}

/** Live from here on, and pinned by those who sent it. */
async function goLive(tx: Runner, pack: WrittenPack, chunks: number): Promise<void> {
  const live = await firstRow(
    tx,
    `with changed as (
        update pack set state = 'live', epoch = epoch + 1, state_since = now(), size = $2, sha256 = $3, chunks = $4
        where id = $1 and state = 'uploading' returning id),
      pinned as (
        insert into upload_pack (upload_id, pack_id)
        select upload.id, changed.id from changed, upload where upload.id = any($5::uuid[]) and upload.state = 'open'
        on conflict do nothing)
      select id from changed`,
    [pack.packId, pack.size, pack.sha256, chunks, pack.holders],
  );
  if (live === undefined) {
    throw new ArchiveError(
      'SERVER_BUSY',
      'A pack took too long to write and was given up; nothing of it was acknowledged.',
    );
  }
}

/** Chunks that another live pack holds stay there; that pack is pinned instead. @returns their positions in `ids` */
async function pinOtherPacks(
  tx: Runner,
  householdId: HouseholdId,
  pack: WrittenPack,
  ids: Buffer,
): Promise<Set<number>> {
  const held = await rows<{ at: number }>(
    tx,
    `with want as materialized ${splitDigests('$2')},
        hit as materialized (
          select want.at, chunk.pack_id from want cross join ${chunkOf('want', '$1')}),
        live as materialized (
          select id from pack where id in (select distinct pack_id from hit) and state = 'live' order by id for share),
        pin as (
          insert into upload_pack (upload_id, pack_id)
          select upload.id, live.id from live, upload where upload.id = any($3::uuid[]) and upload.state = 'open'
          on conflict do nothing)
      select hit.at from hit join live on live.id = hit.pack_id`,
    [householdId, ids, pack.holders],
  );
  return new Set(held.map(({ at }) => at));
}

/** New chunks get ordinals; those known from a pack that is going or gone move here and keep theirs. */
async function insertChunks(
  tx: Runner,
  householdId: HouseholdId,
  pack: WrittenPack,
  entries: readonly PackEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(
    `with entry as materialized (
        select substr($3::bytea, (n - 1)::int * 32 + 1, 32) as id, e.*
        from unnest($4::int[], $5::int[], $6::int[], $7::smallint[], $8::smallint[])
          with ordinality as e ("offset", sealed_length, plain_length, kind, codec, n)),
      fresh as materialized (
        select entry.n, row_number() over (order by entry.n) - 1 as rank
        from entry left join ${chunkOf('entry', '$1')} on true where chunk.id is null),
      counter as (
        update household set next_ordinal = next_ordinal + (select count(*) from fresh)
        where id = $1 returning next_ordinal - (select count(*) from fresh) as first)
      insert into chunk (household_id, id, ordinal, pack_id, "offset", sealed_length, plain_length, kind, codec)
      select $1, entry.id, coalesce(counter.first + fresh.rank, -1), $2, entry."offset", entry.sealed_length,
        entry.plain_length, entry.kind, entry.codec
      from entry cross join counter left join fresh on fresh.n = entry.n
      on conflict (household_id, id) do update set
        pack_id = excluded.pack_id, "offset" = excluded."offset", sealed_length = excluded.sealed_length,
        plain_length = excluded.plain_length, kind = excluded.kind, codec = excluded.codec`,
    [
      householdId,
      pack.packId,
      Buffer.concat(entries.map(({ id }) => id)),
      entries.map(({ offset }) => offset),
      entries.map(({ sealedLength }) => sealedLength),
      entries.map(({ plainLength }) => plainLength),
      entries.map(({ kind }) => kind),
      entries.map(({ codec }) => codec),
    ],
  );
}

/** Two bodies may have brought the same chunk: the first place counts, the second is never read. */
function firstOfEach(entries: readonly PackEntry[]): PackEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ id }) => {
    const key = Buffer.from(id).toString('latin1');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
