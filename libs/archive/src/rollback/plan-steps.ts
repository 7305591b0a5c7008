import type { RollbackPlanContent, RollbackStep } from './rollback-plan.js';
import { nameOfVersion } from './version-order.js';

type Planned = Pick<RollbackPlanContent, 'app' | 'device' | 'installed' | 'target' | 'data'> & {
  /** The version to go back to is on the device already. */
  readonly installedAlready: boolean;
};

/**
 * The steps in their order. First a backup, so that nothing is lost whatever happens; then the old package over the new one; then the data, which an
 * installation does not touch and the older app is made for.
 * Commands are those of somebody who stands in a kit's folder.
 */
export function planSteps(plan: Planned): RollbackStep[] {
  return [freshBackup(plan), installPackage(plan), putDataBack(plan), verify(plan), hold(plan)];
}

function freshBackup({ device }: Planned): RollbackStep {
  return {
    ...{ name: 'fresh-backup', title: 'Make a fresh backup first', needed: true },
    text: 'Whatever happens afterwards, this is the way back to today. Keep the phone unlocked and enter its passcode when it asks. Backups made without a password hold no saved passwords.',
    commands: [
      `idevicebackup2 -u ${device.udid} backup BACKUPS`,
      `rootcellar push BACKUPS/${device.udid}`,
    ],
  };
}

function installPackage({ device, target, installedAlready }: Planned): RollbackStep {
  const title = 'Install the old package over the app';
  if (target === null || installedAlready) {
    const text =
      target === null
        ? 'There is no package to install.'
        : `Version ${nameOfVersion(target)} is on the device already.`;
    return { name: 'install-package', title, needed: false, text, commands: [] };
  }
  const file = `package/${target.kitName}`;
  const beside = [
    ...(target.sinf === 'in-backup' && target.storeEncrypted !== false
      ? [`--sinf package/${SINF_NAME}`]
      : []),
    ...(target.metadata === 'in-backup' ? [`--metadata package/${METADATA_NAME}`] : []),
  ].join(' ');
  return {
    ...{ name: 'install-package', title, needed: true },
    text: `Version ${nameOfVersion(target)} goes over the one that is there. Never delete the app on the way: that deletes its data; installing over it does not. Close the app before. An installation that succeeds is no proof that the app starts.`,
    commands: [
      `ideviceinstaller -u ${device.udid} install ${file}${beside === '' ? '' : ` ${beside}`}`,
    ],
  };
}

/** Names in a kit's folder `package`. */
export const SINF_NAME = 'rights.sinf';
export const METADATA_NAME = 'iTunesMetadata.plist';

function putDataBack({ app, device, data }: Planned): RollbackStep {
  const title = 'Put the data of that time back';
  if (data === null)
    return {
      ...{ name: 'put-data-back', title, needed: false, commands: [] },
      text: 'There is no data of that time to put back: the data that is on the device stays as it is, and the old version has to read it.',
    };
  return {
    ...{ name: 'put-data-back', title, needed: true },
    text: `Only after the old version is installed and closed. For this app alone: \`rootcellar rollback run\`, or the file ${app.bundleId}.imazingapp of the kit with iMazing (Manage Apps, Restore App Data). The open tools alone put back whole backups: the commands below bring everything of that backup back to that day, not only this app. Never with --remove: that deletes what the backup does not have. With --skip-apps, so that no installation is left waiting.`,
    commands: [
      `rootcellar restore ${data.snapshotId} --to WHOLE`,
      `idevicebackup2 -u ${device.udid} -s ${device.udid} restore --skip-apps WHOLE`,
    ],
  };
}

function verify({ device, target }: Planned): RollbackStep {
  const version = target === null ? 'the version' : nameOfVersion(target);
  return {
    ...{ name: 'verify', title: 'See that it works', needed: true },
    text: `Open the app: it starts, shows ${version} and your data, and asks for no other Apple ID. If it does not, nothing is lost: the fresh backup has what was there before.`,
    commands: [`ideviceinstaller -u ${device.udid} list --xml`],
  };
}

function hold({ app, device }: Planned): RollbackStep {
  return {
    ...{ name: 'hold', title: 'Hold the version', needed: true },
    text: 'A hold prevents nothing on the device. It sees to it that you hear of it: the next backup that shows another version raises an alert. Turn automatic updates off on the device as well.',
    commands: [`rootcellar hold set ${app.bundleId} --device ${device.id}`],
  };
}

/** How the update is kept from sneaking back; what of it is known, and from where the rest is: design/ios-facts.md, sections 2 and 5. */
export const AGAINST_UPDATES: RollbackPlanContent['updates'] = {
  confirmed: [
    'Settings → App Store → App Updates turned off: the device then updates no app by itself. It is for all apps; there is no such setting for one.',
    'Update and Update All in the App Store replace the old version all the same. So does deleting the app and getting it again.',
    'A backup that shows another version raises an alert here while the version is held.',
  ],
  notConfirmed: [
    'A package without iTunesMetadata.plist is said not to be offered updates; the last reports are of 2023, and nobody has tried it with iOS 17 and later.',
    'Offload Unused Apps (Settings → App Store) turned off, so that the device does not take the app away and fetch the newest version later.',
    'A new device, or one that is restored from a backup, fetches the newest version from the store.',
  ],
};
