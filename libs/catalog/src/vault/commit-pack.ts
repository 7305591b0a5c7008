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
        update pack set state = 'live', epoch = epoch + 1, state_since = now(), size = $2, sha256 = $3, chunks = $4, payload = $6
        where id = $1 and state = 'uploading' returning id),
      pinned as (
        insert into upload_pack (upload_id, pack_id)
        select upload.id, changed.id from changed, upload where upload.id = any($5::uuid[]) and upload.state = 'open'
        on conflict do nothing)
      select id from changed`,
    [pack.packId, pack.size, pack.sha256, chunks, pack.holders, payloadOf(pack)],
  );
  if (live === undefined) {
    throw new ArchiveError(
      'SERVER_BUSY',
      'A pack took too long to write and was given up; nothing of it was acknowledged.',
    );
  }
}

/** Sealed bytes of all its chunks. */
export function payloadOf(pack: Pick<WrittenPack, 'entries'>): number {
  return pack.entries.reduce((sum, { sealedLength }) => sum + sealedLength, 0);
}

/**
 * Chunks that another live pack holds stay there; that pack is pinned instead. Those of a pack that is going or gone leave it: its
 * epoch says so to whoever counted them there and has not committed yet.
 * @returns the positions in `ids` of those that stay
 */
async function pinOtherPacks(
  tx: Runner,
  householdId: HouseholdId,
  pack: WrittenPack,
  ids: Buffer,
): Promise<Set<number>> {
  const known = await rows<{ at: number; id: string; state: string }>(
    tx,
    `with want as materialized ${splitDigests('$2')},
        hit as materialized (
          select want.at, chunk.pack_id from want cross join ${chunkOf('want', '$1')}),
        seen as materialized (
          select id, state from pack where id in (select distinct pack_id from hit) order by id for share)
      select hit.at, seen.id, seen.state from hit join seen on seen.id = hit.pack_id`,
    [householdId, ids],
  );
  const [live, going] = [new Set<string>(), new Set<string>()];
  const held = new Set<number>();
  for (const { at, id, state } of known) {
    if (state === 'live') held.add(at);
    (state === 'live' ? live : going).add(id);
  }
  if (live.size > 0) {
    await tx.query(
      `insert into upload_pack (upload_id, pack_id)
        select upload.id, live.id from unnest($1::uuid[]) as live (id), upload
        where upload.id = any($2::uuid[]) and upload.state = 'open'
        on conflict do nothing`,
      [[...live], pack.holders],
    );
  }
  if (going.size > 0)
    await tx.query(`update pack set epoch = epoch + 1 where id = any($1::uuid[])`, [[...going]]);
  return held;
}

/**
 * Chunks get ordinals, those sent again after their pack was condemned too: no root holds their old one. So an ordinal stands for
 * the same sealed length for ever, and its weight is written once.
 */
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
      counter as (
        update household set next_ordinal = next_ordinal + cardinality($4::int[])
        where id = $1 returning next_ordinal - cardinality($4::int[]) as first),
      weighed as (
        insert into chunk_weights (household_id, first, weights) select $1, counter.first, $9 from counter)
      insert into chunk (household_id, id, ordinal, pack_id, "offset", sealed_length, plain_length, kind, codec)
      select $1, entry.id, counter.first + entry.n - 1, $2, entry."offset", entry.sealed_length,
        entry.plain_length, entry.kind, entry.codec
      from entry cross join counter
      on conflict (household_id, id) do update set
        ordinal = excluded.ordinal, pack_id = excluded.pack_id, "offset" = excluded."offset",
        sealed_length = excluded.sealed_length, plain_length = excluded.plain_length, kind = excluded.kind, codec = excluded.codec`,
    [
      householdId,
      pack.packId,
      Buffer.concat(entries.map(({ id }) => id)),
      entries.map(({ offset }) => offset),
      entries.map(({ sealedLength }) => sealedLength),
      entries.map(({ plainLength }) => plainLength),
      entries.map(({ kind }) => kind),
      entries.map(({ codec }) => codec),
      encodeWeights(entries),
    ],
  );
}

function encodeWeights(entries: readonly PackEntry[]): Buffer {
  const weights = Buffer.allocUnsafe(entries.length * 4);
  for (const [at, { sealedLength }] of entries.entries())
    weights.writeUInt32BE(sealedLength, at * 4);
  return weights;
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
