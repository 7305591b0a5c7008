import type { RepackedSource } from '@rootcellar/archive';
import type { HouseholdId, PackId } from '@rootcellar/model';
import type { WrittenPack } from '@rootcellar/vault';
import type { Runner } from '../sql.js';
import { firstRow, rows } from '../sql.js';
import { payloadOf } from '../vault/commit-pack.js';

/**
 * The new pack goes live, the chunks move to it under their ordinals, the roots need it instead of the sources, the sources are
 * condemned: one transaction, after checking under the locks that each source is as it was when its chunks were copied. Each source goes
 * into one pack, so whoever needs a chunk of it needs the new pack, and nobody else does.
 * @returns false when a source changed; nothing has changed then
 */
export async function commitRepack(
  tx: Runner,
  householdId: HouseholdId,
  pack: Omit<WrittenPack, 'holders'>,
  sources: readonly RepackedSource[],
): Promise<boolean> {
  const ids = sources.map(({ id }) => id);
  // In the order of commits of packs: the household, then packs by their ids.
  await tx.query('select from household where id = $1 for no key update', [householdId]);
  if (!(await lockUnchanged(tx, sources))) return false;
  const live = await firstRow(
    tx,
    `with live as (
        update pack set state = 'live', epoch = epoch + 1, state_since = now(), size = $2, sha256 = $3, chunks = $4, payload = $5
        where id = $1 and state = 'uploading' returning id)
      select id from live`,
    [pack.packId, pack.size, pack.sha256, pack.entries.length, payloadOf(pack)],
  );
  if (live === undefined) return false;
  await moveChunks(tx, householdId, pack, ids);
  await tx.query(
    `with old as (delete from root_pack where pack_id = any($2::uuid[]) returning root_id)
      insert into root_pack (root_id, pack_id) select distinct root_id, $1::uuid from old`,
    [pack.packId, ids],
  );
  await tx.query(
    `update pack set state = 'condemned', epoch = epoch + 1, state_since = now() where id = any($1::uuid[])`,
    [ids],
  );
  return true;
}

/** Live at the epoch that was seen, held by no upload, needed by no root that was not looked at. */
async function lockUnchanged(tx: Runner, sources: readonly RepackedSource[]): Promise<boolean> {
  const locked = await rows<{ id: PackId; state: string; epoch: number }>(
    tx,
    'select id, state, epoch from pack where id = any($1::uuid[]) order by id for update',
    [sources.map(({ id }) => id)],
  );
  // A statement of its own: it sees what was committed until the locks were given.
  const users = await rows<{ packId: PackId; roots: string[]; held: boolean }>(
    tx,
    `select pack.id as "packId", array(select root_id::text from root_pack where pack_id = pack.id) as roots,
        exists (select from upload_pack where pack_id = pack.id) as held
      from pack where id = any($1::uuid[])`,
    [sources.map(({ id }) => id)],
  );
  const seen = new Map(sources.map((source) => [source.id, source]));
  return (
    locked.length === sources.length &&
    locked.every(({ id, state, epoch }) => state === 'live' && seen.get(id)?.epoch === epoch) &&
    users.every(({ packId, roots, held }) => {
      const known: ReadonlySet<string> = seen.get(packId)?.roots ?? new Set();
      return !held && roots.every((root) => known.has(root));
    })
  );
}

async function moveChunks(
  tx: Runner,
  householdId: HouseholdId,
  pack: Omit<WrittenPack, 'holders'>,
  from: readonly PackId[],
): Promise<void> {
  await tx.query(
    `with entry as materialized (
        select substr($4::bytea, (n - 1)::int * 32 + 1, 32) as id, "offset"
        from unnest($5::int[]) with ordinality as e ("offset", n))
      update chunk set pack_id = $2, "offset" = entry."offset" from entry
      where chunk.household_id = $1 and chunk.id = entry.id and chunk.pack_id = any($3::uuid[])`,
    [
      householdId,
      pack.packId,
      from,
      Buffer.concat(pack.entries.map(({ id }) => id)),
      pack.entries.map(({ offset }) => offset),
    ],
  );
}
