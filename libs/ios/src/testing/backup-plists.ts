import type { BackupAppSpec, BackupSpec } from './backup-spec.js';
import type { PlistSource, PlistSourceDict } from './plist-source.js';
import { storeMetadata } from './store-metadata.js';
import { writeBinaryPlist } from './write-binary-plist.js';
import { writeXmlPlist } from './write-xml-plist.js';

/** Days of a device in 2024: no test depends on today. */
const TAKEN_AT = new Date('2024-06-01T12:00:00Z');
export const EXAMPLE_UDID = '00008101-000A1B2C3D4E5F60';

/** Info.plist as the host writes it: XML, plain even when the backup is encrypted. */
export function infoPlist(spec: BackupSpec): Buffer {
  const udid = spec.udid ?? EXAMPLE_UDID;
  const apps = spec.apps ?? [];
  return writeXmlPlist({
    Applications: Object.fromEntries(
      apps.filter((app) => app.sideLoaded !== true).map(describedApp),
    ),
    'Build Version': spec.buildVersion ?? '21F90',
    'Device Name': spec.deviceName ?? 'Test iPhone',
    'Display Name': spec.deviceName ?? 'Test iPhone',
    GUID: '0123456789ABCDEF0123456789ABCDEF',
    IMEI: '001234567890123',
    'Installed Applications': apps.map((app) => app.bundleId),
    'Last Backup Date': takenAt(spec),
    'Phone Number': '+1 (555) 010-0100',
    'Product Type': spec.productType ?? 'iPhone14,5',
    'Product Version': spec.productVersion ?? '17.5.1',
    'Serial Number': 'TESTSERIAL01',
    'Target Identifier': udid,
    'Target Type': 'Device',
    'Unique Identifier': udid.toUpperCase(),
    'iTunes Version': '12.13.2.3',
    ...spec.info,
  });
}

/** Manifest.plist as the device writes it: binary, plain. */
export function manifestPlist(spec: BackupSpec): Buffer {
  const encrypted = spec.encrypted === true;
  return writeBinaryPlist({
    Version: '10.0',
    Date: takenAt(spec),
    SystemDomainsVersion: '24.0',
    WasPasscodeSet: true,
    IsEncrypted: encrypted,
    BackupKeyBag: encrypted ? Buffer.from('VERS\0\0\0\x04\0\0\0\x05', 'latin1') : undefined,
    ManifestKey: encrypted ? Buffer.alloc(44, 0x04) : undefined,
    Lockdown: {
      ProductVersion: spec.productVersion ?? '17.5.1',
      ProductType: spec.productType ?? 'iPhone14,5',
      BuildVersion: spec.buildVersion ?? '21F90',
      UniqueDeviceID: spec.udid ?? EXAMPLE_UDID,
      SerialNumber: 'TESTSERIAL01',
      DeviceName: spec.deviceName ?? 'Test iPhone',
    },
    Applications: Object.fromEntries((spec.apps ?? []).map(manifestApp)),
    ...spec.manifest,
  });
}

/** Status.plist as the device writes it: binary, plain. */
export function statusPlist(spec: BackupSpec): Buffer {
  return writeBinaryPlist({
    IsFullBackup: spec.isFullBackup ?? true,
    Version: '3.3',
    UUID: '00000000-0000-4000-8000-000000000000',
    Date: takenAt(spec),
    BackupState: 'new',
    SnapshotState: spec.snapshotState === null ? undefined : (spec.snapshotState ?? 'finished'),
    ...spec.status,
  });
}

function takenAt(spec: BackupSpec): PlistSource {
  return spec.takenAt ?? TAKEN_AT;
}

function describedApp(app: BackupAppSpec): [string, PlistSourceDict] {
  const description = {
    ApplicationSINF: Buffer.from('sinf'),
    PlaceholderIcon: Buffer.from('no picture'),
    IsDemotedApp: app.offloaded === true ? true : undefined,
    iTunesMetadata: writeBinaryPlist(storeMetadata(app)),
  };
  return [app.bundleId, description];
}

function manifestApp(app: BackupAppSpec): [string, PlistSourceDict] {
  const entry = { CFBundleIdentifier: app.bundleId, CFBundleVersion: app.build ?? '1' };
  return [app.bundleId, { ...entry, ContainerContentClass: 'Data/Application' }];
}
