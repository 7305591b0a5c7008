import { DEVICE_NAME } from '../gate/visible-devices.sql.js';

/** SQL for what a root is called in front of people; `root` is the alias of something with its id. */
export const SUBJECT = (root: string): string => `coalesce(
  (select ${DEVICE_NAME('kept')} || ', ' || to_char(taken_at at time zone household.time_zone, 'YYYY-MM-DD HH24:MI')
    from snapshot join root as kept on kept.id = snapshot.id join device on device.id = snapshot.device_id join household on household.id = snapshot.household_id
    where snapshot.id = ${root}.id),
  (select app.name || ' ' || coalesce(version, build, '')
    from artifact join app_version on app_version.id = artifact.app_version_id join app on app.id = app_version.app_id
    where artifact.id = ${root}.id),
  '')`;
