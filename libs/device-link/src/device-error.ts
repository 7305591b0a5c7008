import { ArchiveError } from '@rootcellar/model';
import type { ArchiveErrorOptions, ErrorCode } from '@rootcellar/model';

export type DeviceErrorCode = Extract<ErrorCode, `DEVICE_LINK_${string}`>;

/**
 * The error of a code, in the same words whichever tool it came from.
 *
 * @param details facts for programs: `{ needs: '15.0', has: '14.2' }`; never what a tool printed
 */
export function deviceError(
  code: DeviceErrorCode,
  options: Omit<ArchiveErrorOptions, 'hint'> = {},
): ArchiveError {
  const [message, hint] = SAID[code];
  return new ArchiveError(code, message, { ...options, hint });
}

/** What happened and what it means for the data; what to do. Causes: design/device-link.md, section 8. */
const SAID: Readonly<Record<DeviceErrorCode, readonly [string, string]>> = {
  DEVICE_LINK_TOOL_MISSING: [
    'The programs that talk to iPhones are not installed. Nothing was changed.',
    'Debian, Ubuntu: apt install libimobiledevice-utils ideviceinstaller usbmuxd. macOS: brew install libimobiledevice ideviceinstaller.',
  ],
  DEVICE_LINK_TOOL_TOO_OLD: [
    'The program that talks to iPhones is too old for this device. Nothing was changed.',
    'Upgrade libimobiledevice to 1.4 or newer.',
  ],
  DEVICE_LINK_DAEMON_DOWN: [
    'The service that finds connected iPhones (usbmuxd) does not answer. Nothing was changed.',
    'Plug the device in; on Linux: systemctl start usbmuxd.',
  ],
  DEVICE_LINK_NOT_CONNECTED: [
    'The device is not connected to this computer. Nothing was changed.',
    'Connect it with a cable and unlock it, then run the same command again.',
  ],
  DEVICE_LINK_CONNECTION_LOST: [
    'The connection to the device broke off. What it had finished stays; what is on it was not removed.',
    'Check the cable, then run the same command again.',
  ],
  DEVICE_LINK_TRUST_PENDING: [
    'The device does not trust this computer yet. Nothing was changed.',
    'Tap “Trust” on the device, enter its passcode, then run the same command again.',
  ],
  DEVICE_LINK_TRUST_DENIED: [
    'Somebody chose “Don’t trust” on the device. Nothing was changed.',
    'Unplug it, plug it in again and tap “Trust”.',
  ],
  DEVICE_LINK_NOT_PAIRED: [
    'The device and this computer do not know each other any more. Nothing was changed.',
    'Pair them anew: idevicepair unpair, then idevicepair pair, and tap “Trust” on the device.',
  ],
  DEVICE_LINK_LOCKED: [
    'The device is locked. Nothing was changed.',
    'Unlock it (after a restart: once with the passcode), then run the same command again.',
  ],
  DEVICE_LINK_PASSCODE_TIMEOUT: [
    'The passcode was not entered on the device in time, so it did not begin. Nothing was changed.',
    'Run the same command again and enter the passcode when the device asks for it.',
  ],
  DEVICE_LINK_CANCELLED: [
    'It was cancelled on the device. What is on the device was not removed.',
    'Run the same command again when it suits.',
  ],
  DEVICE_LINK_BUSY: [
    'Another program works with the device: Finder, iTunes, or another agent. Nothing was changed.',
    'Let it finish, or close it, then run the same command again.',
  ],
  DEVICE_LINK_PASSWORD_WRONG: [
    'The device wants the password of its encrypted backups, and the one given is missing or wrong. Nothing was changed.',
    'It is the password that was set when encrypting backups was turned on.',
  ],
  DEVICE_LINK_COMPUTER_FULL: [
    'The disk of this computer has no room for the backup. What is on the device and in the archive is untouched.',
    'Make room and run the same command again.',
  ],
  DEVICE_LINK_FULL: [
    'The device has no room for it. The version that was there is still there.',
    'Make room on the device and run the same command again.',
  ],
  DEVICE_LINK_FIND_MY_ON: [
    'The device accepts no data while Find My is on. Nothing was changed.',
    'Turn off Find My (and Stolen Device Protection) for the restore, and on again afterwards.',
  ],
  DEVICE_LINK_SETUP_UNFINISHED: [
    'The device is still in its set-up assistant. Nothing was changed.',
    'Finish setting it up, then run the same command again.',
  ],
  DEVICE_LINK_BACKUP_FAILED: [
    'The device did not finish the backup. Earlier backups are untouched.',
    'Restart the device, see that it has free space, and run the same command again.',
  ],
  DEVICE_LINK_RESTORE_FAILED: [
    'The device did not take all of the data. The backup that was made before is kept.',
    'Restart the device and run the same command again.',
  ],
  DEVICE_LINK_RESTORE_REFUSED: [
    'The device says that the data are damaged or incomplete, and took nothing.',
    'Run `rootcellar admin scrub`; `rootcellar rollback kit` writes the data to a folder to look at.',
  ],
  DEVICE_LINK_OS_TOO_OLD: [
    'The app needs a newer iOS than the device has. The version that was there is still there.',
    'Choose another version of the app, or update the device.',
  ],
  DEVICE_LINK_UNSUITABLE: [
    'The app is not for this device: another family, or 32 bit. The version that was there is still there.',
    'Choose another version of the app.',
  ],
  DEVICE_LINK_VERIFICATION_FAILED: [
    'The device does not accept the signature of the package. The version that was there is still there.',
    'A package of the App Store needs its rights (sinf) and the Apple ID that bought it; very old signatures are refused for ever.',
  ],
  DEVICE_LINK_OTHER_SIGNER: [
    'The app on the device is of another signer than the package. Nothing was changed.',
    'It can only be replaced after deleting the app, which deletes its data: make sure of a backup first.',
  ],
  DEVICE_LINK_PACKAGE_UNREADABLE: [
    'The device cannot read the package as an app. Nothing was changed.',
    'Run `rootcellar admin scrub` to see whether the kept file is damaged.',
  ],
  DEVICE_LINK_INSTALL_FAILED: [
    'The device did not install the package. The version that was there is still there.',
    'A restore may still be installing apps: wait for it. Else restart the device and run the same command again.',
  ],
};
