import { HOUSEHOLD_WIDE } from '../gate/readable-roots.sql.js';
import { DEVICE_NAME } from '../gate/visible-devices.sql.js';

/** The statements of an inventory; each takes the household's id. */

const BIN = `pinned_at is not null as pinned, root.bytes as "logicalBytes", needed_bytes as "neededBytes", root.created_at as "storedAt",
  forgotten_at as "forgottenAt", gone_after as "goneAfter", forgotten_rule as rule,
  root.member_id as "memberId", ${HOUSEHOLD_WIDE('root')} as "householdWide"`;

export const SNAPSHOT_ROOTS = `
  select root.id, device.id as "deviceId", ${DEVICE_NAME('root')} as "deviceName", taken_at as "takenAt",
    complete, ${BIN}
  from root join snapshot on snapshot.id = root.id join device on device.id = snapshot.device_id
  where root.household_id = $1`;

export const ARTIFACT_ROOTS = `
  select root.id, bundle_id as "bundleId", app.name as "appName", app_version.id as "versionId",
    version, build, external_version_id as "externalVersionId", facts ->> 'minimumOs' as "minimumOs",
    facts -> 'deviceFamilies' as "deviceFamilies", ${BIN}
  from root join artifact on artifact.id = root.id join app_version on app_version.id = artifact.app_version_id
    join app on app.id = app_version.app_id
  where root.household_id = $1`;

/** With the apps that ran there by its newest backup, in the bin or not. */
export const DEVICES = `
  select device.id, coalesce(device.own_name, device.name) as name, owner_id as "ownerId", successor_of as "successorOf", product_type as "productType", device.product_version as "productVersion",
    (select jsonb_agg(jsonb_build_object('bundleId', bundle_id, 'version', version, 'build', build,
        'externalVersionId', external_version_id))
      from installed_app where not offloaded and snapshot_id = (
        select id from snapshot where device_id = device.id order by taken_at desc, id desc limit 1)) as installed,
    (select jsonb_agg(jsonb_build_object('bundleId', bundle_id, 'version', version, 'build', build,
        'externalVersionId', external_version_id))
      from hold where device_id = device.id and released_at is null) as held
  from device where household_id = $1 order by device.id`;
