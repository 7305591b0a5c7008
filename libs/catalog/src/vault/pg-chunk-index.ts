import type { ChunkId, HouseholdId, PackId, UploadId } from '@rootcellar/model';
import type {
  ChunkIndex,
  ChunkKind,
  ChunkLocation,
  PackType,
  WrittenPack,
} from '@rootcellar/vault';
import type { DataSource } from 'typeorm';
import { chunkOf, firstRow, joinDigests, rows, splitDigests } from '../sql.js';
import { commitPack } from './commit-pack.js';

interface LocationRow {
  readonly at: number;
  readonly id: Buffer;
  readonly kind: ChunkKind;
  readonly codec: ChunkLocation['codec'];
  readonly plain_length: number;
  readonly pack_id: PackId;
  readonly offset: number;
  readonly sealed_length: number;
  readonly ordinal: string;
  readonly epoch: number;
}

/** Position u32, ordinal i64, big-endian. */
const PAIR_BYTES = 12;

/** The chunk index of one household in PostgreSQL. */
export class PgChunkIndex implements ChunkIndex {
  readonly #source: DataSource;
  readonly #householdId: HouseholdId;

  constructor(source: DataSource, householdId: HouseholdId) {
    this.#source = source;
    this.#householdId = householdId;
  }

  async pinHeld(ids: readonly ChunkId[], holder: UploadId): Promise<boolean[]> {
    const ordinals = await this.pinNumbered(ids, holder);
    return ordinals.map((ordinal) => ordinal !== undefined);
  }

  async pinNumbered(ids: readonly ChunkId[], holder: UploadId): Promise<(number | undefined)[]> {
    const held = Array.from(ids, (): number | undefined => undefined);
    if (ids.length === 0) return held;
    // `for share` on the pack makes condemning wait or see the pin: both orders are safe. Nothing is held for an upload that has ended.
    // One value instead of a row for each: a fraction of the time to read.
    const found = await firstRow<{ held: Buffer | null }>(
      this.#source,
      `with want as materialized ${splitDigests('$2')},
        hit as materialized (
          select want.at, chunk.pack_id, chunk.ordinal from want cross join ${chunkOf('want', '$1')}),
        live as materialized (
          select id from pack where id in (select distinct pack_id from hit) and state = 'live'
            and exists (select from upload where id = $3 and state = 'open') order by id for share),
        pin as (
          insert into upload_pack (upload_id, pack_id) select $3, live.id from live on conflict do nothing)
      select string_agg(int4send(hit.at) || int8send(hit.ordinal), '') as held from hit join live on live.id = hit.pack_id`,
      [this.#householdId, joinDigests(ids), holder],
    );
    const pairs = found?.held ?? Buffer.alloc(0);
    for (let from = 0; from < pairs.length; from += PAIR_BYTES)
      held[pairs.readUInt32BE(from)] = Number(pairs.readBigInt64BE(from + 4));
    return held;
  }

  async locate(ids: readonly ChunkId[]): Promise<(ChunkLocation | undefined)[]> {
    const places = Array.from(ids, (): ChunkLocation | undefined => undefined);
    if (ids.length === 0) return places;
    const found = await rows<LocationRow>(
      this.#source,
      `select want.at, chunk.id, chunk.kind, chunk.codec, chunk.plain_length, chunk.pack_id, chunk."offset",
          chunk.sealed_length, chunk.ordinal, pack.epoch
        from ${splitDigests('$2')} as want
        cross join ${chunkOf('want', '$1')}
        join pack on pack.id = chunk.pack_id and pack.state in ('live', 'condemned')`,
      [this.#householdId, joinDigests(ids)],
    );
    for (const row of found) places[row.at] = toLocation(row);
    return places;
  }

  async beginPack(pack: {
    readonly packId: PackId;
    readonly type: PackType;
    readonly holder: UploadId;
  }): Promise<void> {
    await this.#source.query(
      `insert into pack (id, household_id, type, state, upload_id) values ($1, $2, $3, 'uploading', $4)`,
      [pack.packId, this.#householdId, pack.type, pack.holder],
    );
  }

  async commitPack(pack: WrittenPack): Promise<void> {
    await this.#source.transaction(async (tx) => commitPack(tx, this.#householdId, pack));
  }

  async abandonPack(packId: PackId): Promise<void> {
    await this.#source.query(
      `update pack set state = 'deleting', state_since = now(), epoch = epoch + 1 where id = $1 and state = 'uploading'`,
      [packId],
    );
  }
}

function toLocation(row: LocationRow): ChunkLocation {
  return {
    id: row.id,
    kind: row.kind,
    codec: row.codec,
    plainLength: row.plain_length,
    packId: row.pack_id,
    offset: row.offset,
    sealedLength: row.sealed_length,
    ordinal: Number(row.ordinal),
    packEpoch: row.epoch,
  };
}
