import type { DeviceCatalog, DeviceChange, KnownDevice } from '@rootcellar/archive';
import type { AuditLine, Doer } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { Clock, DeviceId, HouseholdId, MemberId } from '@rootcellar/model';
import type { DataSource, EntityManager } from 'typeorm';
import { audit } from '../audit.js';
import { firstRow, rows } from '../sql.js';

interface DeviceColumns {
  readonly id: DeviceId;
  readonly ownerId: MemberId | null;
  readonly name: string;
  readonly successorOf: DeviceId | null;
}

const DEVICE = `select id, owner_id as "ownerId", coalesce(own_name, name) as name, successor_of as "successorOf"
  from device where household_id = $1 and id = $2`;

export class PgDeviceCatalog implements DeviceCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async find(householdId: HouseholdId, id: DeviceId): Promise<KnownDevice | undefined> {
    const row = await firstRow<DeviceColumns>(this.#source, DEVICE, [householdId, id]);
    if (row === undefined) return undefined;
    return {
      ...row,
      ownerId: row.ownerId ?? undefined,
      successorOf: row.successorOf ?? undefined,
    };
  }

  async members(householdId: HouseholdId, ids: readonly MemberId[]): Promise<readonly MemberId[]> {
    const found = await rows<{ id: MemberId }>(
      this.#source,
      'select id from member where household_id = $1 and id = any($2::uuid[]) and removed_at is null and leaving_until is null',
      [householdId, ids],
    );
    return found.map(({ id }) => id);
  }

  async successorOf(householdId: HouseholdId, id: DeviceId): Promise<DeviceId | undefined> {
    const found = await firstRow<{ id: DeviceId }>(
      this.#source,
      'select id from device where household_id = $1 and successor_of = $2',
      [householdId, id],
    );
    return found?.id;
  }

  async change(
    householdId: HouseholdId,
    id: DeviceId,
    change: DeviceChange,
    by: Doer,
  ): Promise<void> {
    await this.#source.transaction(async (tx) => {
      const device = await firstRow<DeviceColumns>(tx, `${DEVICE} for update`, [householdId, id]);
      if (device === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such device.');
      const actions = await apply(tx, device, change);
      const line = { kind: 'device', id, subject: device.name, ...by } as const;
      const ownerId = device.ownerId ?? undefined;
      await audit(
        tx,
        this.#clock,
        householdId,
        actions.map((action) => ({ action, ...line, concernsId: ownerId })),
      );
    });
  }
}

/** @returns what was done, as the audit trail calls it */
async function apply(
  tx: EntityManager,
  { id, ownerId }: DeviceColumns,
  { owner, name, retired, successorOf, pushers }: DeviceChange,
): Promise<AuditLine['action'][]> {
  const done: AuditLine['action'][] = [];
  const next = owner === 'household' ? null : owner;
  if (next !== undefined && next !== ownerId) {
    // What the old owner called it, continued with it and let push is not the new one's.
    await tx.query(
      'update device set owner_id = $2, own_name = null, successor_of = null, retired_at = null where id = $1',
      [id, next],
    );
    await tx.query('update device set successor_of = null where successor_of = $1', [id]);
    await tx.query('delete from device_pusher where device_id = $1', [id]);
    // Which apps the old owner had is theirs.
    await tx.query('delete from hold where device_id = $1', [id]);
    done.push('device-assigned');
  }
  if (name !== undefined) {
    await tx.query('update device set own_name = $2 where id = $1', [id, name]);
    done.push('device-renamed');
  }
  if (retired !== undefined) {
    await tx.query('update device set retired_at = case when $2 then now() end where id = $1', [
      id,
      retired,
    ]);
    done.push(retired ? 'device-retired' : 'device-reactivated');
  }
  if (successorOf !== undefined) {
    await tx.query('update device set successor_of = $2 where id = $1', [id, successorOf]);
    done.push('device-continued');
  }
  if (pushers !== undefined) {
    await tx.query('delete from device_pusher where device_id = $1', [id]);
    await tx.query(
      'insert into device_pusher (device_id, member_id) select $1, unnest($2::uuid[]) on conflict do nothing',
      [id, pushers],
    );
    done.push('device-pushers-set');
  }
  return done;
}
