import type { Actor } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { firstRow } from '../sql.js';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

export interface SnapshotView {
  readonly id: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly udid: string;
  /** When the device made the backup. */
  readonly takenAt: Date;
  /** When it was stored here. */
  readonly createdAt: Date;
  readonly files: number;
  readonly logicalBytes: number;
  /** Plain bytes that no earlier snapshot or package had. */
  readonly newBytes: number;
  readonly encrypted: boolean;
  readonly complete: boolean;
  readonly missingFiles: number;
  readonly damagedFiles: number;
  readonly productVersion: string | null;
  readonly buildVersion: string | null;
  /** Nothing removes it. */
  readonly pinned: boolean;
  /** Set while it is in the bin: undo is possible until then. */
  readonly goneAfter: Date | null;
}

type Counts = 'files' | 'logicalBytes' | 'newBytes' | 'missingFiles' | 'damagedFiles';
type SnapshotViewRow = Omit<SnapshotView, Counts> & Readonly<Record<Counts, string>>;

const SNAPSHOT_VIEW = `
  select snapshot.id, device_id as "deviceId", device.name as "deviceName", udid, taken_at as "takenAt",
    root.created_at as "createdAt", files, root.bytes as "logicalBytes", new_bytes as "newBytes", encrypted, complete,
    missing_files as "missingFiles", damaged_files as "damagedFiles",
    snapshot.product_version as "productVersion", build_version as "buildVersion",
    pinned_at is not null as pinned, gone_after as "goneAfter"
  from snapshot join root on root.id = snapshot.id join device on device.id = snapshot.device_id`;

/** Snapshots of the member's own devices, newest first; without those in the bin. */
export async function listSnapshots(
  source: DataSource,
  actor: Actor,
  request: PageRequest & { readonly deviceId: string | undefined },
): Promise<Page<SnapshotView>> {
  return pageOf<SnapshotViewRow, SnapshotView>(source, {
    sql: `${SNAPSHOT_VIEW} where snapshot.household_id = $3 and device.owner_id = $4 and forgotten_at is null
      and ($5::uuid is null or device.id = $5) and ($1::uuid is null or snapshot.id < $1)
      order by snapshot.id desc limit $2`,
    parameters: [actor.householdId, actor.memberId, request.deviceId ?? null],
    page: request,
    toItem,
  });
}

export async function findSnapshotView(
  source: DataSource,
  actor: Actor,
  id: string,
): Promise<SnapshotView | undefined> {
  const row = await firstRow<SnapshotViewRow>(
    source,
    `${SNAPSHOT_VIEW} where snapshot.id = $3 and snapshot.household_id = $1 and device.owner_id = $2`,
    [actor.householdId, actor.memberId, id],
  );
  return row === undefined ? undefined : toItem(row);
}

function toItem(row: SnapshotViewRow): SnapshotView {
  return {
    ...row,
    files: Number(row.files),
    logicalBytes: Number(row.logicalBytes),
    newBytes: Number(row.newBytes),
    missingFiles: Number(row.missingFiles),
    damagedFiles: Number(row.damagedFiles),
  };
}
