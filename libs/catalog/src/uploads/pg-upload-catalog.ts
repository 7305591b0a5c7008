import type {
  Membership,
  Upload,
  UploadCatalog,
  UploadProgress,
  UploadTotals,
} from '@rootcellar/archive';
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
import { KEPT_ALREADY } from '../gate/kept-already.sql.js';
import { HOUSEHOLD_WIDE } from '../gate/readable-roots.sql.js';
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

  async findArtifact(
    { householdId, memberId }: Membership,
    file: { readonly sha256: string; readonly private?: true },
  ): Promise<ArtifactId | undefined> {
    const found = await firstRow<{ id: ArtifactId }>(
      this.#source,
      `select artifact.id from artifact join root on root.id = artifact.id
        where artifact.household_id = $1 and sha256 = $3 and forgotten_at is null and ${KEPT_ALREADY('$2', '$4')}
        order by member_id <> $2, artifact.id limit 1`,
      [householdId, memberId, Buffer.from(file.sha256, 'hex'), file.private === true],
    );
    return found?.id;
  }

  async findDevice(
    { householdId, memberId }: Membership,
    udid: string,
  ): ReturnType<UploadCatalog['findDevice']> {
    const device = await firstRow<{
      id: DeviceId;
      ownerId: MemberId | null;
      pushers: readonly MemberId[];
      heldBefore: boolean;
    }>(
      this.#source,
      `select id, owner_id as "ownerId", array(select member_id from device_pusher where device_id = device.id) as pushers,
          exists (select from snapshot join root on root.id = snapshot.id
            where device_id = device.id and root.member_id = $3 and not ${HOUSEHOLD_WIDE('root')}) as "heldBefore"
        from device where household_id = $1 and udid = $2`,
      [householdId, udid, memberId],
    );
    return device === undefined ? undefined : { ...device, ownerId: device.ownerId ?? undefined };
  }

  async isMember(householdId: HouseholdId, memberId: MemberId): Promise<boolean> {
    const found = await firstRow(
      this.#source,
      'select id from member where household_id = $1 and id = $2 and removed_at is null and leaving_until is null',
      [householdId, memberId],
    );
    return found !== undefined;
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
