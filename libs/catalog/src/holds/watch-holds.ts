import { compareNamed } from '@rootcellar/archive';
import type { AlertId, HoldId } from '@rootcellar/archive';
import { newId } from '@rootcellar/model';
import type { Clock, DeviceId, HouseholdId, SnapshotId } from '@rootcellar/model';
import type { EntityManager } from 'typeorm';
import { rows } from '../sql.js';

interface Columns {
  readonly version: string | null;
  readonly build: string | null;
  readonly externalVersionId: string | null;
}

interface Watched {
  readonly holdId: HoldId;
  readonly held: Columns;
  readonly seen: Columns;
  /** The alert that is not resolved, dismissed or not. */
  readonly alert: (Columns & { readonly id: AlertId }) | null;
}

const COLUMNS = (table: string): string =>
  `jsonb_build_object('version', ${table}.version, 'build', ${table}.build, 'externalVersionId', ${table}.external_version_id)`;

/**
 * Compares what a backup says is installed with what is held on its device, within the transaction that makes the snapshot visible: another
 * version raises an alert, the held one resolves it. Apps that are absent or offloaded say nothing, and neither does a backup that is older
 * than another one.
 */
export async function watchHolds(
  tx: EntityManager,
  clock: Clock,
  at: {
    readonly householdId: HouseholdId;
    readonly deviceId: DeviceId;
    readonly snapshotId: SnapshotId;
  },
): Promise<void> {
  for (const watched of await watchedBy(tx, at)) {
    const { holdId, alert } = watched;
    const [held, seen] = [identityOf(watched.held), identityOf(watched.seen)];
    const compared = compareNamed(held, seen);
    // Nobody can say which version it is: of side-loaded apps a backup tells a build at most.
    if (compared === undefined || (seen.version ?? seen.externalVersionId) === undefined) continue;
    const same = compared === 0;
    const told = alert !== null && compareNamed(identityOf(alert), seen) === 0;
    if (alert !== null && (same || !told))
      await tx.query('update alert set resolved_at = now() where id = $1', [alert.id]);
    if (same || told) continue;
    await tx.query(
      `insert into alert (id, household_id, device_id, hold_id, snapshot_id, version, build, external_version_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[newId<AlertId>(clock), at.householdId, at.deviceId, holdId, at.snapshotId],
        ...[watched.seen.version, watched.seen.build, watched.seen.externalVersionId],
      ],
    );
  }
}

async function watchedBy(
  tx: EntityManager,
  { deviceId, snapshotId }: { readonly deviceId: DeviceId; readonly snapshotId: SnapshotId },
): Promise<Watched[]> {
  return rows<Watched>(
    tx,
    `select hold.id as "holdId", ${COLUMNS('hold')} as held, ${COLUMNS('installed_app')} as seen,
        (select ${COLUMNS('alert')} || jsonb_build_object('id', alert.id) from alert
          where hold_id = hold.id and resolved_at is null) as alert
      from hold join installed_app using (bundle_id)
      where hold.device_id = $1 and hold.released_at is null and snapshot_id = $2 and not offloaded
        and not exists (
          select from snapshot as later join snapshot as this on this.id = $2
          where later.device_id = $1 and (later.taken_at, later.id) > (this.taken_at, this.id))
      order by hold.id for update of hold`,
    [deviceId, snapshotId],
  );
}

function identityOf({ version, build, externalVersionId }: Columns): {
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
} {
  return {
    version: version ?? undefined,
    build: build ?? undefined,
    externalVersionId: externalVersionId ?? undefined,
  };
}
