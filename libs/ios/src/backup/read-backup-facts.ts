import { ArchiveError, isArchiveError, readableText } from '@rootcellar/model';
import { parsePlist } from '../plist/parse-plist.js';
import { getBoolean, getData, getDate, getDict, getString, isDict } from '../plist/plist-fields.js';
import type { PlistDict } from '../plist/plist-value.js';
import { installedApps } from './installed-apps.js';
import type { InstalledApp } from './installed-apps.js';
import { shortText } from './itunes-metadata.js';
import type { Blind } from './itunes-metadata.js';
import { parseUdid, udidOfFolder } from './udid.js';
import type { Udid, UdidForm } from './udid.js';

/** The property lists of a backup, as bytes from nobody knows where. */
export interface BackupPlists {
  readonly infoPlist: Uint8Array;
  readonly manifestPlist: Uint8Array;
  readonly statusPlist?: Uint8Array | undefined;
  /** The folder's own name, which tells the device where the lists do not. */
  readonly folderName?: string | undefined;
  /** For who bought what is installed; without it buyers are left out. */
  readonly blind?: Blind | undefined;
}

/** What the property lists of a backup say, made fit to store and show. Phone number, IMEI and Apple IDs are left out. */
export interface BackupFacts {
  /** 40 lower-case hex digits, or `XXXXXXXX-XXXXXXXXXXXXXXXX` in upper case: safe as the name of a folder. */
  readonly udid: string;
  readonly udidForm: UdidForm;
  /** Never empty, at most 200 characters, no control characters. */
  readonly deviceName: string;
  /** `iPhone14,5` */
  readonly productType?: string | undefined;
  /** The version of iOS: `17.5.1` */
  readonly productVersion?: string | undefined;
  readonly buildVersion?: string | undefined;
  readonly serial?: string | undefined;
  /** When the device finished the backup; absent when no list has a date. */
  readonly takenAt?: Date | undefined;
  readonly encrypted: boolean;
  /** `finished`, or how far the device came; absent when Status.plist does not say. */
  readonly snapshotState?: string | undefined;
  /** `snapshotState` is `finished`, nothing else. */
  readonly finished: boolean;
  readonly isFullBackup?: boolean | undefined;
  /** The version of the backup's own format: `10.0` */
  readonly backupVersion?: string | undefined;
  readonly installedApps: readonly InstalledApp[];
}

const NOTHING: PlistDict = new Map();
const NAME_MAX_CHARACTERS = 200;
const WORD_MAX_CHARACTERS = 64;
/** The year of the first iPhone, and one no clock shows: dates outside were never set. */
const FIRST_DATE = Date.UTC(2007, 0, 1);
const LAST_DATE = Date.UTC(2200, 0, 1);

/**
 * Reads the facts of a backup. Everything is optional in real backups but the device.
 *
 * @throws ArchiveError BACKUP_PLIST_DAMAGED, BACKUP_NO_DEVICE
 */
export function readBackupFacts(plists: BackupPlists): BackupFacts {
  const info = readDict(plists.infoPlist);
  const manifest = readDict(plists.manifestPlist);
  const status = plists.statusPlist === undefined ? NOTHING : readDict(plists.statusPlist);
  const lockdown = getDict(manifest, 'Lockdown') ?? NOTHING;
  const device = deviceOf(info, lockdown, plists.folderName);
  const word = (infoKey: string, lockdownKey: string): string | undefined =>
    shortText(info.get(infoKey), WORD_MAX_CHARACTERS) ??
    shortText(lockdown.get(lockdownKey), WORD_MAX_CHARACTERS);
  const productType = word('Product Type', 'ProductType');
  const snapshotState = shortText(status.get('SnapshotState'), WORD_MAX_CHARACTERS);
  return {
    udid: device.udid,
    udidForm: device.form,
    deviceName: deviceName([info, lockdown], productType),
    productType,
    productVersion: word('Product Version', 'ProductVersion'),
    buildVersion: word('Build Version', 'BuildVersion'),
    serial: word('Serial Number', 'SerialNumber'),
    takenAt: takenAt(status, manifest, info),
    encrypted: isEncrypted(manifest),
    snapshotState,
    finished: snapshotState === 'finished',
    isFullBackup: getBoolean(status, 'IsFullBackup'),
    backupVersion: shortText(manifest.get('Version'), WORD_MAX_CHARACTERS),
    installedApps: installedApps(info, manifest, plists.blind),
  };
}

function readDict(bytes: Uint8Array): PlistDict {
  try {
    const value = parsePlist(bytes);
    if (isDict(value)) return value;
  } catch (error) {
    if (isArchiveError(error, 'PLIST_INVALID', 'PLIST_TOO_LARGE')) throw plistDamaged(error);
    throw error;
  }
  throw plistDamaged();
}

/** @param cause what is wrong with it, when it is there */
export function plistDamaged(cause?: ArchiveError): ArchiveError {
  return new ArchiveError(
    'BACKUP_PLIST_DAMAGED',
    'Info.plist, Manifest.plist or Status.plist is missing, empty or broken. Nothing was changed.',
    { cause, hint: 'Make the backup again, or copy it again from where it is whole.' },
  );
}

function deviceOf(info: PlistDict, lockdown: PlistDict, folderName: string | undefined): Udid {
  const named = [
    getString(info, 'Target Identifier'),
    getString(info, 'Unique Identifier'),
    getString(lockdown, 'UniqueDeviceID'),
  ];
  for (const text of named) {
    const udid = parseUdid(text ?? '');
    if (udid !== undefined) return udid;
  }
  const udid = udidOfFolder(folderName ?? '');
  if (udid !== undefined) return udid;
  throw new ArchiveError(
    'BACKUP_NO_DEVICE',
    'Neither the plists nor the folder name say which device the backup is of. Nothing was changed.',
    { hint: 'Give the folder the name it had: the UDID of the device.' },
  );
}

function deviceName(lists: readonly PlistDict[], productType: string | undefined): string {
  const names = lists.flatMap((list) =>
    ['Device Name', 'Display Name', 'DeviceName'].map((key) => getString(list, key)),
  );
  for (const name of names) {
    const readable = readableText(name ?? '', NAME_MAX_CHARACTERS, '');
    if (readable !== '') return readable;
  }
  return kindOfDevice(productType);
}

function kindOfDevice(productType = ''): string {
  if (productType.startsWith('iPhone')) return 'iPhone';
  if (productType.startsWith('iPad')) return 'iPad';
  return productType.startsWith('iPod') ? 'iPod touch' : 'iPhone or iPad';
}

function takenAt(status: PlistDict, manifest: PlistDict, info: PlistDict): Date | undefined {
  const dates = [
    getDate(status, 'Date'),
    getDate(manifest, 'Date'),
    getDate(info, 'Last Backup Date'),
  ];
  return dates.find(
    (date) => date !== undefined && date.getTime() >= FIRST_DATE && date.getTime() < LAST_DATE,
  );
}

/** `ManifestKey` is what opens an encrypted Manifest.db; plain backups have none. */
function isEncrypted(manifest: PlistDict): boolean {
  return getBoolean(manifest, 'IsEncrypted') ?? getData(manifest, 'ManifestKey') !== undefined;
}
