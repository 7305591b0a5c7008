import type { Actor } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { readableRoots } from '../gate/readable-roots.sql.js';
import type { Reader } from '../gate/readable-roots.sql.js';
import { DEVICE_LINE, DEVICE_NAME } from '../gate/visible-devices.sql.js';
import { firstRow } from '../sql.js';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';
import { SHARED } from './shared.js';
import type { SharedView } from './shared.js';

export interface SnapshotView {
  readonly id: string;
  readonly deviceId: string;
  readonly deviceName: string;
  /** Null when one app's data was shared only, as is everything that tells of the rest. */
  readonly udid: string | null;
  /** When the device made the backup. */
  readonly takenAt: Date;
  /** When it was stored here. */
  readonly createdAt: Date;
  readonly files: number | null;
  readonly logicalBytes: number | null;
  /** Plain bytes that no earlier snapshot or package had. */
  readonly newBytes: number | null;
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
  /** Whose it is: the member's, the household's (of a device that is), or somebody's who shared it. */
  readonly owner: 'me' | 'household' | 'shared';
  readonly shared: SharedView | null;
}

type Sizes = 'files' | 'logicalBytes' | 'newBytes';
type Flaws = 'missingFiles' | 'damagedFiles';
type SnapshotViewRow = Omit<SnapshotView, Sizes | Flaws> &
  Readonly<Record<Sizes, string | null>> &
  Readonly<Record<Flaws, string>>;

const whole = (sql: string, else_ = 'null'): string =>
  `case when lent_apps is null then ${sql} else ${else_} end`;
const snapshotView = (reader: Reader): string => `
  select snapshot.id, device_id as "deviceId", ${DEVICE_NAME('root')} as "deviceName", ${whole('udid')} as udid, taken_at as "takenAt",
    root.created_at as "createdAt", ${whole('files')} as files, ${whole('root.bytes')} as "logicalBytes",
    ${whole('new_bytes')} as "newBytes", encrypted, ${whole('complete', 'true')} as complete,
    ${whole('missing_files', '0')} as "missingFiles", ${whole('damaged_files', '0')} as "damagedFiles",
    ${whole('snapshot.product_version')} as "productVersion", ${whole('build_version')} as "buildVersion",
    pinned_at is not null and not lent as pinned, gone_after as "goneAfter",
    case when own then 'me' when lent then 'shared' else 'household' end as owner, ${SHARED} as shared
  from snapshot join ${readableRoots(reader)} as root on root.id = snapshot.id
    join device on device.id = snapshot.device_id`;

/** Snapshots the member may read, newest first; without those in the bin. Of a device: also of those it continues. */
export async function listSnapshots(
  source: DataSource,
  actor: Actor,
  request: PageRequest & { readonly deviceId: string | undefined },
): Promise<Page<SnapshotView>> {
  return pageOf<SnapshotViewRow, SnapshotView>(source, {
    sql: `${snapshotView({ household: '$3', member: '$4' })} where snapshot.household_id = $3 and forgotten_at is null
      and ($5::uuid is null or device.id = any(${DEVICE_LINE('$5::uuid')}::uuid[])) and ($1::uuid is null or snapshot.id < $1)
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
    `${snapshotView({ household: '$1', member: '$2' })} where snapshot.id = $3`,
    [actor.householdId, actor.memberId, id],
  );
  return row === undefined ? undefined : toItem(row);
}

function toItem(row: SnapshotViewRow): SnapshotView {
  return {
    ...row,
    files: numberOf(row.files),
    logicalBytes: numberOf(row.logicalBytes),
    newBytes: numberOf(row.newBytes),
    missingFiles: Number(row.missingFiles),
    damagedFiles: Number(row.damagedFiles),
  };
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
