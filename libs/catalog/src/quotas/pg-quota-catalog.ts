import type { Doer, Origin, QuotaCatalog, Quotas, Reservation, Wanted } from '@rootcellar/archive';
import type { Clock, HouseholdId, MemberId, UploadId } from '@rootcellar/model';
import { formatBytes } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { audit } from '../audit.js';
import { firstRow, rows } from '../sql.js';

export class PgQuotaCatalog implements QuotaCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async quotas(householdId: HouseholdId): Promise<Quotas> {
    const found = await rows<{
      id: MemberId | null;
      quota: string | null;
      dedupByMember: boolean;
    }>(
      this.#source,
      `select null as id, quota_bytes as quota, dedup_by_member as "dedupByMember" from household where id = $1
        union all select id, quota_bytes, false from member where household_id = $1 and quota_bytes is not null`,
      [householdId],
    );
    const household = found.find(({ id }) => id === null);
    return {
      household: numberOf(household?.quota),
      dedupByMember: household?.dedupByMember ?? false,
      members: new Map(
        found.flatMap(({ id, quota }) => (id === null ? [] : [[id, Number(quota)] as const])),
      ),
    };
  }

  async setHouseholdQuota(
    householdId: HouseholdId,
    bytes: number | undefined,
    from: Origin,
  ): Promise<boolean> {
    return this.#source.transaction(async (tx) => {
      const set = await firstRow(
        tx,
        `with set as (
            update household set quota_bytes = $2, quota_level = 0 where id = $1 returning id)
          select id from set`,
        [householdId, bytes ?? null],
      );
      if (set === undefined) return false;
      await audit(tx, this.#clock, householdId, [
        { action: 'quota-set', kind: 'household', subject: told(bytes), bytes, from },
      ]);
      return true;
    });
  }

  async setMemberQuota(
    of: { readonly householdId: HouseholdId; readonly memberId: MemberId; readonly by: Doer },
    bytes: number | undefined,
  ): Promise<boolean> {
    const { householdId, memberId, by } = of;
    return this.#source.transaction(async (tx) => {
      const set = await firstRow(
        tx,
        `with set as (
            update member set quota_bytes = $3, quota_level = 0
            where id = $2 and household_id = $1 and removed_at is null returning id)
          select id from set`,
        [householdId, memberId, bytes ?? null],
      );
      if (set === undefined) return false;
      await audit(tx, this.#clock, householdId, [
        {
          ...{ action: 'quota-set', kind: 'member', subject: told(bytes), bytes },
          ...{ ...by, concernsId: memberId },
        },
      ]);
      return true;
    });
  }

  async newestLogicalBytes(householdId: HouseholdId, udid: string): Promise<number> {
    const row = await firstRow<{ bytes: string }>(
      this.#source,
      `select root.bytes from device join snapshot on snapshot.device_id = device.id join root on root.id = snapshot.id
        where device.household_id = $1 and udid = $2 order by taken_at desc, snapshot.id desc limit 1`,
      [householdId, udid],
    );
    return Number(row?.bytes ?? 0);
  }

  async reserve(uploadId: UploadId, { bytes, room, roots: counted }: Wanted): Promise<Reservation> {
    return this.#source.transaction(async (tx): Promise<Reservation> => {
      await tx.query(
        `select pg_advisory_xact_lock(hashtextextended('quota/' || household_id::text, 0)) from upload where id = $1`,
        [uploadId],
      );
      const now = await firstRow<Record<'roots' | 'household' | 'member', string>>(
        tx,
        `select (select count(*) from root where root.household_id = own.household_id) as roots,
            coalesce(sum(claim), 0) as household, coalesce(sum(claim) filter (where other.member_id = own.member_id), 0) as member
          from upload as own left join lateral (
            select member_id, greatest(reserved_bytes, stored_bytes) as claim from upload
            where household_id = own.household_id and state = 'open' and id <> own.id) as other on true
          where own.id = $1 group by own.household_id`,
        [uploadId],
      );
      if (now === undefined) return { status: 'reserved' };
      if (Number(now.roots) !== counted) return { status: 'changed' };
      for (const scope of ['member', 'household'] as const) {
        const [left, claimedBytes] = [room[scope], Number(now[scope])];
        if (left !== undefined && claimedBytes + bytes > left)
          return { status: 'full', scope, claimedBytes };
      }
      await tx.query(
        `update upload set reserved_bytes = greatest(reserved_bytes, $2) where id = $1 and state = 'open'`,
        [uploadId, bytes],
      );
      return { status: 'reserved' };
    });
  }

  async noteLevel(
    of: { readonly householdId: HouseholdId; readonly memberId: MemberId | undefined },
    level: number,
  ): Promise<void> {
    const { householdId, memberId } = of;
    const [table, id] =
      memberId === undefined
        ? (['household', householdId] as const)
        : (['member', memberId] as const);
    const noted = await firstRow<{ level: number }>(
      this.#source,
      `select quota_level as level from ${table} where id = $1`,
      [id],
    );
    if (noted === undefined || noted.level === level) return;
    await this.#source.transaction(async (tx) => {
      const changed = await firstRow<{ before: number }>(
        tx,
        `with seen as (select id, quota_level from ${table} where id = $1 for no key update),
            changed as (update ${table} set quota_level = $2 from seen where ${table}.id = seen.id)
          select quota_level as before from seen`,
        [id, level],
      );
      if (changed === undefined || changed.before >= level) return;
      await audit(tx, this.#clock, householdId, [
        { action: 'quota-reached', kind: table, subject: `${level} %`, concernsId: memberId },
      ]);
    });
  }
}

function numberOf(value: string | null | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

function told(bytes: number | undefined): string {
  return bytes === undefined ? 'no quota' : formatBytes(bytes);
}
