import type { MaintenanceCatalog, PackRecord, RootRecord } from '@rootcellar/archive';
import { chunkIdFromBytes } from '@rootcellar/model';
import type { HouseholdId, PackId, RootId } from '@rootcellar/model';
import { decodePackEntries } from '@rootcellar/vault';
import type { DataSource } from 'typeorm';
import { rows } from '../sql.js';

const PACKS_A_PAGE = 100;
const ROOTS_A_PAGE = 20;
const ZERO_ID = '00000000-0000-0000-0000-000000000000';

export class PgMaintenanceCatalog implements MaintenanceCatalog {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  async households(): Promise<readonly HouseholdId[]> {
    const found = await rows<{ id: HouseholdId }>(
      this.#source,
      'select id from household order by id',
    );
    return found.map(({ id }) => id);
  }

  async livePacks(
    householdId: HouseholdId,
    after: PackId | undefined,
  ): Promise<readonly PackRecord[]> {
    const found = await rows<Omit<PackRecord, 'size'> & { size: string }>(
      this.#source,
      `select id, type, size, sha256, chunks from pack
        where household_id = $1 and state = 'live' and id > $2 order by id limit ${PACKS_A_PAGE}`,
      [householdId, after ?? ZERO_ID],
    );
    return found.map((row) => ({ ...row, size: Number(row.size) }));
  }

  async packRowsMatch(
    householdId: HouseholdId,
    packId: PackId,
    lines: Uint8Array,
  ): Promise<boolean> {
    const entries = decodePackEntries(lines);
    const [counts] = await rows<{ wrong: string }>(
      this.#source,
      `with entry as materialized (
          select substr($3::bytea, (n - 1)::int * 32 + 1, 32) as id, e.*
          from unnest($4::int[], $5::int[], $6::int[], $7::smallint[], $8::smallint[])
            with ordinality as e ("offset", sealed_length, plain_length, kind, codec, n))
        select count(*) as wrong from chunk
        where household_id = $1 and pack_id = $2 and not exists (
          select from entry where entry.id = chunk.id and entry."offset" = chunk."offset" and entry.sealed_length = chunk.sealed_length
            and entry.plain_length = chunk.plain_length and entry.kind = chunk.kind and entry.codec = chunk.codec)`,
      [
        householdId,
        packId,
        Buffer.concat(entries.map(({ id }) => id)),
        entries.map(({ offset }) => offset),
        entries.map(({ sealedLength }) => sealedLength),
        entries.map(({ plainLength }) => plainLength),
        entries.map(({ kind }) => kind),
        entries.map(({ codec }) => codec),
      ],
    );
    return counts?.wrong === '0';
  }

  async noteVerified(packId: PackId): Promise<void> {
    await this.#source.query('update pack set verified_at = now() where id = $1', [packId]);
  }

  async roots(householdId: HouseholdId, after: RootId | undefined): Promise<readonly RootRecord[]> {
    return this.#rootRecords(`household_id = $1 and id > $2 order by id limit ${ROOTS_A_PAGE}`, [
      householdId,
      after ?? ZERO_ID,
    ]);
  }

  async root(householdId: HouseholdId, id: RootId): Promise<RootRecord | undefined> {
    const [record] = await this.#rootRecords('household_id = $1 and id = $2', [householdId, id]);
    return record;
  }

  async isLive(packId: PackId): Promise<boolean> {
    const found = await rows(this.#source, `select from pack where id = $1 and state = 'live'`, [
      packId,
    ]);
    return found.length > 0;
  }

  async #rootRecords(where: string, parameters: unknown[]): Promise<readonly RootRecord[]> {
    const found = await rows<{
      id: RootId;
      tree: Buffer;
      manifest: Buffer;
      chunkSet: Buffer;
      packs: PackId[];
    }>(
      this.#source,
      `select id, tree, manifest, chunk_set as "chunkSet",
          array(select pack_id::text from root_pack where root_id = root.id) as packs
        from root where ${where}`,
      parameters,
    );
    return found.map(({ id, tree, manifest, chunkSet, packs }) => ({
      id,
      tree: chunkIdFromBytes(tree),
      manifest: chunkIdFromBytes(manifest),
      chunkSet,
      packs: new Set(packs),
    }));
  }

  async takeUnfinishedPacks(): Promise<
    readonly { readonly householdId: HouseholdId; readonly packId: PackId }[]
  > {
    return rows(
      this.#source,
      `with given_up as (
          update pack set state = 'deleting', epoch = epoch + 1, state_since = now()
          where state = 'uploading' and state_since < now() - interval '1 hour'
          returning id, household_id)
        select household_id as "householdId", id as "packId" from given_up
        union all
        select household_id, id from pack where state = 'deleting' and sha256 is null`,
    );
  }

  async noteDeleted(packId: PackId): Promise<void> {
    await this.#source.query(
      `update pack set state = 'deleted', epoch = epoch + 1, state_since = now() where id = $1 and state = 'deleting'`,
      [packId],
    );
  }
}
