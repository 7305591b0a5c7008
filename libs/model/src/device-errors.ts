import type { ErrorKind } from './archive-error.js';

/** Codes about devices that are connected to the agent's computer: a part of `ERRORS`. */
export const DEVICE_ERRORS = {
  DEVICE_UNSUPPORTED: ['failed', 'This build of the agent cannot talk to devices.'],
  DEVICE_LINK_TOOL_MISSING: ['failed', 'The programs that talk to iPhones are not installed.'],
  DEVICE_LINK_TOOL_TOO_OLD: ['failed', 'The program that talks to iPhones is too old.'],
  DEVICE_LINK_DAEMON_DOWN: [
    'unavailable',
    'The service that finds connected iPhones (usbmuxd) does not answer.',
  ],
  DEVICE_LINK_NOT_CONNECTED: ['unavailable', 'The device is not connected to this computer.'],
  DEVICE_LINK_CONNECTION_LOST: ['unavailable', 'The connection to the device broke off.'],
  DEVICE_LINK_TRUST_PENDING: [
    'unavailable',
    'The device waits for somebody to trust this computer.',
  ],
  DEVICE_LINK_TRUST_DENIED: ['forbidden', 'Somebody chose “Don’t trust” on the device.'],
  DEVICE_LINK_NOT_PAIRED: ['forbidden', 'The pairing of device and computer is gone or broken.'],
  DEVICE_LINK_LOCKED: ['unavailable', 'The device is locked.'],
  DEVICE_LINK_PASSCODE_TIMEOUT: [
    'unavailable',
    'The passcode was not entered on the device in time.',
  ],
  DEVICE_LINK_CANCELLED: ['interrupted', 'It was cancelled on the device.'],
  DEVICE_LINK_BUSY: ['unavailable', 'Another program works with the device.'],
  DEVICE_LINK_PASSWORD_WRONG: [
    'forbidden',
    'The password of encrypted backups is missing or wrong.',
  ],
  DEVICE_LINK_COMPUTER_FULL: ['full', 'The disk of this computer has no room for the backup.'],
  DEVICE_LINK_FULL: ['full', 'The device has no room.'],
  DEVICE_LINK_FIND_MY_ON: ['conflict', 'The device accepts no data while Find My is on.'],
  DEVICE_LINK_SETUP_UNFINISHED: ['conflict', 'The device is still in its set-up assistant.'],
  DEVICE_LINK_BACKUP_FAILED: ['failed', 'The device did not finish the backup.'],
  DEVICE_LINK_RESTORE_FAILED: ['failed', 'The device did not take all of the data.'],
  DEVICE_LINK_RESTORE_REFUSED: [
    'corrupt',
    'The device says that the data are damaged or incomplete.',
  ],
  DEVICE_LINK_OS_TOO_OLD: ['invalid', 'The app needs a newer iOS than the device has.'],
  DEVICE_LINK_UNSUITABLE: ['invalid', 'The app is for another kind of device.'],
  DEVICE_LINK_VERIFICATION_FAILED: [
    'forbidden',
    'The device does not accept the signature of the package.',
  ],
  DEVICE_LINK_OTHER_SIGNER: ['conflict', 'The app on the device is of another signer.'],
  DEVICE_LINK_PACKAGE_UNREADABLE: ['corrupt', 'The device cannot read the package as an app.'],
  DEVICE_LINK_INSTALL_FAILED: ['failed', 'The device did not install the package.'],
} as const satisfies Record<string, readonly [ErrorKind, string]>;
