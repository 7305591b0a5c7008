import type {
  AlertId,
  AuditLine,
  Doer,
  HoldCatalog,
  HoldId,
  Membership,
  NamedVersion,
  NewHold,
  OnDevice,
} from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { Clock, DeviceId, HouseholdId, MemberId } from '@rootcellar/model';
import type { DataSource, EntityManager } from 'typeorm';
import { audit } from '../audit.js';
import { readableRoots } from '../gate/readable-roots.sql.js';
import { toNamed } from '../rollback/run-rows.js';
import type { NamedColumns } from '../rollback/run-rows.js';
import { firstRow } from '../sql.js';
import { putHold } from './put-hold.js';

const READABLE = readableRoots({ household: '$1', member: '$2' });
const HOLD_IS_OPEN = 'hold.released_at is null';
const ALERT_IS_OPEN = 'alert.resolved_at is null and alert.dismissed_at is null';

interface OnDeviceColumns {
  readonly deviceId: DeviceId;
  readonly deviceOwnerId: MemberId | null;
}

/** Versions that are held on devices, and the alerts that backups raised. */
export class PgHoldCatalog implements HoldCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async installedNow(
    { householdId, memberId }: Membership,
    deviceId: DeviceId,
    bundleId: string,
  ): Promise<NamedVersion | undefined> {
    const row = await firstRow<{ app: NamedColumns | null }>(
      this.#source,
      `select case when installed_app.bundle_id is not null then jsonb_build_object('version', version, 'build', build,
          'externalVersionId', external_version_id) end as app
        from ${READABLE} as root join snapshot on snapshot.id = root.id
          left join installed_app on snapshot_id = snapshot.id and bundle_id = $4 and not offloaded
        where device_id = $3 and not root.lent and root.forgotten_at is null order by taken_at desc, root.id desc limit 1`,
      [householdId, memberId, deviceId, bundleId],
    );
    return toNamed(row?.app ?? null);
  }

  async set(hold: NewHold, by: Doer): Promise<HoldId> {
    return this.#source.transaction(async (tx) => {
      const device = await firstRow(
        tx,
        'select id from device where household_id = $1 and id = $2 for update',
        [hold.householdId, hold.deviceId],
      );
      if (device === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such device.');
      return putHold(tx, this.#clock, hold, by);
    });
  }

  async find(householdId: HouseholdId, id: HoldId): Promise<OnDevice | undefined> {
    return this.#find('hold', HOLD_IS_OPEN, [householdId, id]);
  }

  async release(householdId: HouseholdId, id: HoldId, by: Doer): Promise<boolean> {
    return this.#source.transaction(async (tx) => {
      const released = await firstRow<Told>(
        tx,
        `with released as (
            update hold set released_at = now() where household_id = $1 and id = $2 and ${HOLD_IS_OPEN} returning *),
          resolved as (
            update alert set resolved_at = now() from released where hold_id = released.id and resolved_at is null)
          ${TOLD('released')}`,
        [householdId, id],
      );
      return this.#note(tx, released, { action: 'hold-released', householdId, ...by });
    });
  }

  async findAlert(householdId: HouseholdId, id: AlertId): Promise<OnDevice | undefined> {
    return this.#find('alert', ALERT_IS_OPEN, [householdId, id]);
  }

  async dismiss(householdId: HouseholdId, id: AlertId, by: Doer): Promise<boolean> {
    return this.#source.transaction(async (tx) => {
      const dismissed = await firstRow<Told>(
        tx,
        `with dismissed as (
            update alert set dismissed_at = now() from hold
            where alert.household_id = $1 and alert.id = $2 and ${ALERT_IS_OPEN} and hold.id = alert.hold_id
            returning alert.device_id, hold.bundle_id, alert.version, alert.external_version_id)
          ${TOLD('dismissed')}`,
        [householdId, id],
      );
      return this.#note(tx, dismissed, { action: 'alert-dismissed', householdId, ...by });
    });
  }

  async #find(
    table: 'hold' | 'alert',
    isOpen: string,
    parameters: readonly string[],
  ): Promise<OnDevice | undefined> {
    const row = await firstRow<OnDeviceColumns>(
      this.#source,
      `select device_id as "deviceId", owner_id as "deviceOwnerId" from ${table} join device on device.id = device_id
        where ${table}.household_id = $1 and ${table}.id = $2 and ${isOpen}`,
      [...parameters],
    );
    return row === undefined
      ? undefined
      : { ...row, deviceOwnerId: row.deviceOwnerId ?? undefined };
  }

  /** @returns whether there is anything to tell */
  async #note(
    tx: EntityManager,
    told: Told | undefined,
    { householdId, ...line }: Pick<AuditLine, 'action'> & Doer & { householdId: HouseholdId },
  ): Promise<boolean> {
    if (told === undefined) return false;
    const { deviceId: id, deviceOwnerId, subject } = told;
    await audit(tx, this.#clock, householdId, [
      {
        ...{ kind: 'device', id, subject, ...line },
        concernsId: deviceOwnerId ?? undefined,
        private: deviceOwnerId !== null,
      },
    ]);
    return true;
  }
}

interface Told extends OnDeviceColumns {
  readonly subject: string;
}

/** SQL: what the audit trail says of a hold or alert that was changed. */
const TOLD = (changed: string): string => `
  select device.id as "deviceId", owner_id as "deviceOwnerId",
    coalesce(own_name, device.name) || ': ' || concat_ws(' ', bundle_id, coalesce(${changed}.version, external_version_id)) as subject
  from ${changed} join device on device.id = ${changed}.device_id`;
