import type { Reader } from './readable-roots.sql.js';

/** SQL: what a snapshot's device is called for whoever the snapshot belongs to. After the device changed hands, as it was called then. */
export const DEVICE_NAME = (
  root: string,
): string => `case when device.owner_id is null or device.owner_id = ${root}.member_id
  then coalesce(device.own_name, device.name) else coalesce(snapshot.device_name, device.name) end`;

/** SQL: a device and those it continues, as an array of ids. */
export const DEVICE_LINE = (device: string): string => `(
  with recursive line as (
    select ${device} as id
    union select older.successor_of from line join device as older on older.id = line.id where older.successor_of is not null)
  select array_agg(id) from line)`;

/**
 * The devices a member may see: own ones, the household's, and, `former`, those given away of which snapshots stayed behind. Of these only
 * what was known until then.
 */
export function visibleDevices({ household, member }: Reader): string {
  return `(
    select device.id, device.household_id, device.udid, device.product_type, device.created_at,
      case when held.now then 'held' else 'former' end as hold, device.owner_id is null as shared_by_all,
      case when held.now then coalesce(device.own_name, device.name) else coalesce(last.device_name, '') end as name,
      case when held.now then device.product_version else last.product_version end as product_version,
      case when held.now then device.retired_at end as retired_at,
      case when held.now then device.successor_of end as successor_of,
      case when held.now then ${DEVICE_LINE('device.id')} else array[device.id] end as line
    from device
      cross join lateral (select device.owner_id is null or device.owner_id = ${member} as now) as held
      left join lateral (
        select snapshot.device_name, snapshot.product_version from snapshot join root on root.id = snapshot.id
        where not held.now and snapshot.device_id = device.id and root.member_id = ${member}
        order by taken_at desc, snapshot.id desc limit 1) as last on true
    where device.household_id = ${household} and (held.now or last.device_name is not null))`;
}
