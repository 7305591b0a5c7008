import type { CollectionCatalog, LivePack, PackChunk, RepackedSource } from '@rootcellar/archive';
import type { Clock, HouseholdId, PackId, RootId } from '@rootcellar/model';
import type { WrittenPack } from '@rootcellar/vault';
import type { DataSource, EntityManager } from 'typeorm';
import { audit } from '../audit.js';
import { rows } from '../sql.js';
import { commitRepack } from './commit-repack.js';

const ZERO_ID = '00000000-0000-0000-0000-000000000000';
/** Chunk rows deleted under one lock of the household: packs being committed wait for it. */
const ROWS_A_LOCK = 1000;
/** Nobody needs the pack and no open upload holds it. Sees what was committed before its statement began. */
const FREE = `not exists (select from root_pack where pack_id = pack.id)
  and not exists (select from upload_pack where pack_id = pack.id)`;

type LivePackRow = Omit<LivePack, 'size' | 'payload' | 'ordinals'> &
  Record<'size' | 'payload', string> & { readonly ordinals: Buffer | null };

export class PgCollectionCatalog implements CollectionCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async condemn(
    householdId: HouseholdId,
    after: PackId | undefined,
    most: number,
  ): Promise<{ packs: number; bytes: number; last: PackId | undefined }> {
    return this.#source.transaction(async (tx) => {
      const free = await lockUnlocked(tx, `state = 'live' and id > $3 and ${FREE}`, [
        ...([householdId, most] as const),
        after ?? ZERO_ID,
      ]);
      // Once more under the lock: what was pinned before it was given is seen now, what comes later waits and finds the pack condemned.
      const condemned = await rows<{ size: string }>(
        tx,
        `with condemned as (
            update pack set state = 'condemned', epoch = epoch + 1, state_since = now()
            where id = any($1::uuid[]) and state = 'live' and ${FREE} returning size)
          select size from condemned`,
        [free],
      );
      return {
        packs: condemned.length,
        bytes: condemned.reduce((sum, { size }) => sum + Number(size), 0),
        last: free.length < most ? undefined : free.at(-1),
      };
    });
  }

  async takeCondemned(
    householdId: HouseholdId,
    { graceSeconds, most, but }: Parameters<CollectionCatalog['takeCondemned']>[1],
  ): Promise<readonly { readonly id: PackId; readonly size: number }[]> {
    return this.#source.transaction(async (tx) => {
      const due = await lockUnlocked(
        tx,
        `state = 'condemned' and state_since <= now() - $3 * interval '1 second'`,
        [householdId, most, graceSeconds],
      );
      await tx.query(
        `update pack set state = 'deleting', epoch = epoch + 1, state_since = now()
          where id = any($1::uuid[]) and state = 'condemned' and ${FREE}`,
        [due],
      );
      const taken = await rows<{ id: PackId; size: string }>(
        tx,
        `select id, size from pack where household_id = $1 and state = 'deleting' and sha256 is not null
            and id <> all($3::uuid[]) order by id limit $2`,
        [householdId, most, but],
      );
      return taken.map(({ id, size }) => ({ id, size: Number(size) }));
    });
  }

  async noteDeleted(householdId: HouseholdId, packId: PackId): Promise<void> {
    while (!(await this.#deleteSome(householdId, packId)));
  }

  /**
   * Under the lock by which ordinals are given: a chunk that is sent again at this moment is either still known or not.
   * @returns whether the pack is deleted: it had few rows left
   */
  async #deleteSome(householdId: HouseholdId, packId: PackId): Promise<boolean> {
    return this.#source.transaction(async (tx) => {
      await tx.query('select from household where id = $1 for no key update', [householdId]);
      const deleted = await rows(
        tx,
        `with doomed as (
            select chunk.id from chunk join pack on pack.id = pack_id and pack.state = 'deleting'
            where chunk.household_id = $1 and pack_id = $2 limit ${ROWS_A_LOCK}),
          deleted as (
            delete from chunk using doomed where chunk.household_id = $1 and chunk.id = doomed.id returning chunk.id)
          select deleted.id from deleted`,
        [householdId, packId],
      );
      if (deleted.length === ROWS_A_LOCK) return false;
      await tx.query(
        `update pack set state = 'deleted', epoch = epoch + 1, state_since = now(), verified_at = null
          where household_id = $1 and id = $2 and state = 'deleting'`,
        [householdId, packId],
      );
      return true;
    });
  }

  async livePacks(
    householdId: HouseholdId,
    after: PackId | undefined,
    most: number,
  ): Promise<readonly LivePack[]> {
    const found = await rows<LivePackRow>(
      this.#source,
      `select id, type, epoch, size, sha256, payload,
          (select string_agg(int8send(ordinal), '') from chunk where household_id = $1 and pack_id = pack.id) as ordinals
        from pack where household_id = $1 and state = 'live' and id > $2
          and not exists (select from upload_pack where pack_id = pack.id) order by id limit $3`,
      [householdId, after ?? ZERO_ID, most],
    );
    return found.map((pack) => ({
      ...pack,
      size: Number(pack.size),
      payload: Number(pack.payload),
      ordinals: decodeOrdinals(pack.ordinals ?? Buffer.of()),
    }));
  }

  async chunksOf(
    householdId: HouseholdId,
    packIds: readonly PackId[],
  ): Promise<ReadonlyMap<PackId, readonly PackChunk[]>> {
    const found = await rows<Omit<PackChunk, 'ordinal'> & { ordinal: string; packId: PackId }>(
      this.#source,
      `select pack_id as "packId", id, kind, codec, plain_length as "plainLength", "offset", sealed_length as "sealedLength", ordinal
        from chunk where household_id = $1 and pack_id = any($2::uuid[]) order by pack_id, "offset"`,
      [householdId, packIds],
    );
    const chunks = new Map<PackId, PackChunk[]>(packIds.map((id) => [id, []]));
    for (const { packId, ordinal, ...chunk } of found)
      chunks.get(packId)?.push({ ...chunk, ordinal: Number(ordinal) });
    return chunks;
  }

  async rootsOf(packIds: readonly PackId[]): Promise<ReadonlyMap<PackId, ReadonlySet<RootId>>> {
    const found = await rows<{ packId: PackId; roots: RootId[] }>(
      this.#source,
      `select pack_id as "packId", array_agg(root_id::text) as roots from root_pack where pack_id = any($1::uuid[]) group by pack_id`,
      [packIds],
    );
    const none = packIds.map((id): [PackId, ReadonlySet<RootId>] => [id, new Set()]);
    return new Map([
      ...none,
      ...found.map(({ packId, roots }): [PackId, ReadonlySet<RootId>] => [packId, new Set(roots)]),
    ]);
  }

  async uploadsUnderway(seconds: number): Promise<boolean> {
    const found = await rows(
      this.#source,
      `select from upload where state = 'open' and heartbeat_at > now() - $1 * interval '1 second' limit 1`,
      [seconds],
    );
    return found.length > 0;
  }

  async beginRepack(
    householdId: HouseholdId,
    pack: { readonly packId: PackId; readonly type: 1 | 2 },
  ): Promise<void> {
    await this.#source.query(
      `insert into pack (id, household_id, type, state) values ($1, $2, $3, 'uploading')`,
      [pack.packId, householdId, pack.type],
    );
  }

  async commitRepack(
    householdId: HouseholdId,
    pack: Omit<WrittenPack, 'holders'>,
    sources: readonly RepackedSource[],
  ): Promise<boolean> {
    return this.#source.transaction(async (tx) => commitRepack(tx, householdId, pack, sources));
  }

  async abandonPack(packId: PackId): Promise<void> {
    await this.#source.query(
      `update pack set state = 'deleting', state_since = now(), epoch = epoch + 1 where id = $1 and state = 'uploading'`,
      [packId],
    );
  }

  async knownPacks(
    householdId: HouseholdId,
    packIds: readonly PackId[],
  ): Promise<ReadonlySet<PackId>> {
    const known = await rows<{ id: PackId }>(
      this.#source,
      `select id from pack where household_id = $1 and id = any($2::uuid[]) and state <> 'deleted'`,
      [householdId, packIds],
    );
    return new Set(known.map(({ id }) => id));
  }

  async noteOrphans(
    householdId: HouseholdId,
    keys: readonly string[],
    hours: number,
  ): Promise<readonly string[]> {
    const old = await rows<{ key: string }>(
      this.#source,
      `with seen as (
          insert into orphan_object (household_id, object_key) select $1, unnest($2::text[])
          on conflict (household_id, object_key) do nothing)
        select object_key as key from orphan_object
        where household_id = $1 and object_key = any($2::text[]) and first_seen_at <= now() - $3 * interval '1 hour'`,
      [householdId, keys, hours],
    );
    return old.map(({ key }) => key);
  }

  async keepOrphans(householdId: HouseholdId, keys: readonly string[]): Promise<void> {
    await this.#source.query(
      'delete from orphan_object where household_id = $1 and object_key <> all($2::text[])',
      [householdId, keys],
    );
  }

  async noteCollected(
    householdId: HouseholdId,
    line: { readonly subject: string; readonly bytes: number },
  ): Promise<void> {
    await audit(this.#source, this.#clock, householdId, [
      { ...line, action: 'collected', kind: 'household', rule: 'collection' },
    ]);
  }
}

/** One value a pack instead of one row a chunk: a household may have millions. */
function decodeOrdinals(packed: Buffer): Uint32Array {
  return Uint32Array.from({ length: packed.length / 8 }, (_, at) =>
    Number(packed.readBigUInt64BE(at * 8)),
  );
}

/**
 * Locks packs that fit `where`, in id order, none that somebody works with.
 * @param parameters household, how many at most, then what `where` takes, from `$3` on
 */
async function lockUnlocked(
  tx: EntityManager,
  where: string,
  parameters: readonly [HouseholdId, number, ...unknown[]],
): Promise<PackId[]> {
  const locked = await rows<{ id: PackId }>(
    tx,
    `select id from pack where household_id = $1 and ${where} order by id limit $2 for update skip locked`,
    [...parameters],
  );
  return locked.map(({ id }) => id);
}
