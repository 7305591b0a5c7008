import type { ProofCatalog, ShownChunks, SpaceCatalog, Standing } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { HouseholdId, MemberId, RootId, UploadId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { firstRow, rows } from '../sql.js';

export class PgProofCatalog implements ProofCatalog {
  readonly #source: DataSource;
  readonly #space: Pick<SpaceCatalog, 'chunkSets'>;

  constructor(source: DataSource, space: Pick<SpaceCatalog, 'chunkSets'>) {
    this.#source = source;
    this.#space = space;
  }

  async standing(householdId: HouseholdId, memberId: MemberId): Promise<Standing> {
    // Two ranges instead of one `<>`: each stops at its first line of the index.
    const row = await firstRow<{ nextOrdinal: string; others: boolean; dedupByMember: boolean }>(
      this.#source,
      `select next_ordinal as "nextOrdinal", dedup_by_member as "dedupByMember",
          exists (select from upload where household_id = $1 and member_id < $2)
            or exists (select from upload where household_id = $1 and member_id > $2) as others
        from household where id = $1`,
      [householdId, memberId],
    );
    if (row === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such household.');
    const { nextOrdinal, others, dedupByMember } = row;
    return { alone: !others, nextOrdinal: Number(nextOrdinal), dedupByMember };
  }

  async ownRoots(householdId: HouseholdId, memberId: MemberId): Promise<readonly RootId[]> {
    const found = await rows<{ id: RootId }>(
      this.#source,
      // Who pushes for somebody else's device had the bytes of what they pushed.
      `select id from root where household_id = $1 and (member_id = $2
          or id in (select root_id from upload where household_id = $1 and member_id = $2 and state = 'committed'))
        order by id`,
      [householdId, memberId],
    );
    return found.map(({ id }) => id);
  }

  async chunkSets(
    householdId: HouseholdId,
    ids: readonly RootId[],
  ): Promise<ReadonlyMap<RootId, Uint8Array>> {
    return this.#space.chunkSets(householdId, ids);
  }

  async shown(uploadId: UploadId, after: number): Promise<ShownChunks> {
    const found = await rows<{
      aloneBelow: string | null;
      seq: string | null;
      ordinals: Buffer | null;
    }>(
      this.#source,
      `select alone_below as "aloneBelow", seq, ordinals
        from upload left join upload_shown on upload_id = upload.id and seq > $2
        where upload.id = $1 order by seq`,
      [uploadId, after],
    );
    return {
      aloneBelow: Number(found[0]?.aloneBelow ?? 0),
      sets: found.flatMap(({ seq, ordinals }) =>
        ordinals === null ? [] : { seq: Number(seq), ordinals },
      ),
    };
  }
}
