import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDice } from './dice.js';
import { secondsOfDay } from './device.js';
import type { Device } from './device.js';
import { APP_COUNT, appId } from './domains.js';
import type { PlistDictionary } from './plist.js';
import { prose } from './prose.js';
import { writeBinaryPlist } from './write-binary-plist.js';
import { writeXmlPlist } from './write-xml-plist.js';

const apps = Array.from({ length: APP_COUNT }, (_, number) => appId(number));

/** `Info.plist` in XML as the host writes it, the two others in binary as the device does: all of one day. */
export function writeBackupPlists(folder: string, device: Device, day: number): void {
  const date = new Date(secondsOfDay(day) * 1000);
  writeFileSync(join(folder, 'Info.plist'), writeXmlPlist(infoPlist(device, date)));
  writeFileSync(join(folder, 'Manifest.plist'), writeBinaryPlist(manifestPlist(device, date)));
  writeFileSync(join(folder, 'Status.plist'), writeBinaryPlist(statusPlist(device, date)));
}

function infoPlist(device: Device, date: Date): PlistDictionary {
  const dice = createDice('info', device.udid);
  return {
    Applications: Object.fromEntries(apps.map((id, at) => [id, { iTunesMetadata: store(id, at) }])),
    'Build Version': device.build,
    'Device Name': device.name,
    'Display Name': device.name,
    GUID: dice.bytes(16).toString('hex').toUpperCase(),
    'Installed Applications': apps,
    'Last Backup Date': date,
    'Product Name': device.productName,
    'Product Type': device.productType,
    'Product Version': device.productVersion,
    'Serial Number': device.serialNumber,
    'Target Identifier': device.udid,
    'Target Type': 'Device',
    'Unique Identifier': device.udid.toUpperCase(),
    'iTunes Files': Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`file${at}`, dice.bytes(4000)]),
    ),
    'iTunes Version': '12.13.2.3',
    'macOS Build Version': '23F79',
    'macOS Version': '14.5',
  };
}

/** What the App Store left with an app; nobody's account is in it. */
function store(id: string, number: number): Buffer {
  return writeBinaryPlist({
    artistName: 'Example Developer',
    bundleDisplayName: `App ${number}`,
    bundleShortVersionString: '1.0',
    bundleVersion: '100',
    itemId: 1_000_000_000 + number,
    itemName: `App ${number}`,
    kind: 'software',
    softwareVersionBundleId: id,
    softwareVersionExternalIdentifier: 860_000_000 + number,
  });
}

function manifestPlist(device: Device, date: Date): PlistDictionary {
  const dice = createDice('manifest', device.udid);
  return {
    Version: '10.0',
    Date: date,
    SystemDomainsVersion: '24.0',
    WasPasscodeSet: true,
    Lockdown: {
      ProductVersion: device.productVersion,
      ProductType: device.productType,
      BuildVersion: device.build,
      UniqueDeviceID: device.udid,
      SerialNumber: device.serialNumber,
      DeviceName: device.name,
    },
    Applications: Object.fromEntries(
      apps.map((id) => [
        id,
        {
          CFBundleIdentifier: id,
          CFBundleVersion: '100',
          ContainerContentClass: 'Data/Application',
          Path: `/var/containers/Bundle/Application/${prose(dice, 36).replaceAll(' ', '-')}/App.app`,
        },
      ]),
    ),
    IsEncrypted: false,
  };
}

function statusPlist(device: Device, date: Date): PlistDictionary {
  const uuid = createDice('status', device.udid, date.getTime()).bytes(16).toString('hex');
  return {
    IsFullBackup: false,
    Version: '3.3',
    UUID: uuid.toUpperCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    Date: date,
    BackupState: 'new',
    SnapshotState: 'finished',
  };
}
