import type { Upload, UploadCatalog, UploadProgress, UploadTotals } from '@rootcellar/archive';
import { byteSize } from '@rootcellar/model';
import type {
  ArtifactId,
  DeviceId,
  HouseholdId,
  MemberId,
  RootId,
  UploadId,
} from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { DeviceRow } from '../rows/people.row.js';
import { UploadRow } from '../rows/upload.row.js';
import { firstRow, rows } from '../sql.js';

/** Silence after which an upload is given up. */
const SILENCE = `interval '24 hours'`;

export class PgUploadCatalog implements UploadCatalog {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  async open(
    upload: Pick<Upload, 'id' | 'householdId' | 'memberId' | 'declared'>,
  ): Promise<Upload> {
    const { id, householdId, memberId, declared } = upload;
    // Who is not alone any more from here on keeps what is in the household by now: it is theirs, whatever they noted.
    await this.#source.query(
      `with others as (
          update upload set alone_below = household.next_ordinal from household
          where household.id = $2 and household_id = $2 and state = 'open' and member_id <> $3::uuid and alone_below is null
            and not exists (select from upload as own where own.household_id = $2 and own.member_id = $3::uuid)
            and not exists (select from upload as other
              where other.household_id = $2 and other.member_id <> upload.member_id))
        insert into upload (id, household_id, member_id, kind, declared, expires_at)
        values ($1, $2, $3::uuid, $4, $5, now() + ${SILENCE})`,
      [id, householdId, memberId, declared.kind, JSON.stringify(declared)],
    );
    return toUpload(await this.#source.manager.findOneByOrFail(UploadRow, { id }));
  }

  async find(id: UploadId): Promise<Upload | undefined> {
    const row = await this.#source.manager.findOneBy(UploadRow, { id });
    return row === null ? undefined : toUpload(row);
  }

  async touch(id: UploadId, progress: UploadProgress): Promise<UploadTotals | undefined> {
    const touched = await firstRow<Record<'storedBytes' | 'reservedBytes', string>>(
      this.#source,
      `with touched as (
          update upload set heartbeat_at = now(), expires_at = now() + ${SILENCE},
            sent_bytes = sent_bytes + $2, new_bytes = new_bytes + $3, stored_bytes = stored_bytes + $4
          where id = $1 and state = 'open' returning id, stored_bytes, reserved_bytes),
        shown as (
          insert into upload_shown (upload_id, ordinals) select touched.id, set from touched, unnest($5::bytea[]) as set)
        select stored_bytes as "storedBytes", reserved_bytes as "reservedBytes" from touched`,
      [
        ...[id, progress.sentBytes, progress.newBytes, progress.storedBytes],
        (progress.shown ?? []).map((set) => Buffer.from(set)),
      ],
    );
    return (
      touched && {
        storedBytes: byteSize(Number(touched.storedBytes)),
        reservedBytes: byteSize(Number(touched.reservedBytes)),
      }
    );
  }

  async abandon(id: UploadId): Promise<void> {
    await this.#end(`id = $1`, 'abandoned', [id]);
  }

  async expireSilent(): Promise<number> {
    const ended = await this.#end(`expires_at < now()`, 'expired', []);
    // What was on its way when its upload ended may have pinned a pack a moment later.
    await this.#source.query(
      `delete from upload_pack using upload where upload.id = upload_pack.upload_id and upload.state <> 'open'`,
    );
    return ended;
  }

  async findArtifact(householdId: HouseholdId, sha256: string): Promise<ArtifactId | undefined> {
    const found = await firstRow<{ id: ArtifactId }>(
      this.#source,
      `select artifact.id from artifact join root on root.id = artifact.id
        where artifact.household_id = $1 and sha256 = $2 and forgotten_at is null`,
      [householdId, Buffer.from(sha256, 'hex')],
    );
    return found?.id;
  }

  async findDeviceOwner(
    householdId: HouseholdId,
    udid: string,
  ): Promise<{ deviceId: DeviceId; ownerId: MemberId } | undefined> {
    const device = await this.#source.manager.findOneBy(DeviceRow, { householdId, udid });
    return device === null
      ? undefined
      : { deviceId: device.id as DeviceId, ownerId: device.ownerId as MemberId };
  }

  /** The row and what it pinned go in one statement: a pin never outlives its upload. */
  async #end(
    which: string,
    state: 'abandoned' | 'expired',
    parameters: unknown[],
  ): Promise<number> {
    const ended = await rows(
      this.#source,
      `with ended as (
          update upload set state = '${state}' where ${which} and state = 'open' returning id),
        freed as (delete from upload_pack using ended where upload_id = ended.id),
        done as (delete from upload_shown using ended where upload_id = ended.id)
      select id from ended`,
      parameters,
    );
    return ended.length;
  }
}

function toUpload(row: UploadRow): Upload {
  return {
    id: row.id as UploadId,
    householdId: row.householdId as HouseholdId,
    memberId: row.memberId as MemberId,
    declared: row.declared,
    state: row.state,
    expiresAt: row.expiresAt,
    heartbeatAt: row.heartbeatAt,
    sentBytes: byteSize(row.sentBytes),
    newBytes: byteSize(row.newBytes),
    storedBytes: byteSize(row.storedBytes),
    reservedBytes: byteSize(row.reservedBytes),
    rootId: (row.rootId ?? undefined) as RootId | undefined,
  };
}
