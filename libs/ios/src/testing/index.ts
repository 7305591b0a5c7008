export { buildBackup } from './build-backup.js';
export type { BuiltBackup, BuiltFile } from './build-backup.js';
export { EXAMPLE_FILES } from './backup-spec.js';
export type { BackupAppSpec, BackupFileSpec, BackupSpec, ManifestDamage } from './backup-spec.js';
export { EXAMPLE_UDID, infoPlist, manifestPlist, statusPlist } from './backup-plists.js';
export { MANIFEST_SCHEMA, writeManifestDb } from './write-manifest-db.js';
export type { ManifestDbOptions, ManifestDbRow } from './write-manifest-db.js';
export { writeManifestBlob } from './write-manifest-blob.js';
export type { ManifestBlobSpec } from './write-manifest-blob.js';
export { buildPackage } from './build-package.js';
export type { PackageSpec } from './build-package.js';
export { machOStub } from './mach-o-stub.js';
export type { MachOStubSpec, StubArchitecture } from './mach-o-stub.js';
export { storeMetadata } from './store-metadata.js';
export type { StoreMetadataSpec } from './store-metadata.js';
export { writeZip } from '@rootcellar/zip/testing';
export type { ZipOptions, ZipSource } from '@rootcellar/zip/testing';
export { assembleBinaryPlist, binaryScalar, writeBinaryPlist } from './write-binary-plist.js';
export type {
  BinaryPlistContainer,
  BinaryPlistLayout,
  BinaryPlistPart,
} from './write-binary-plist.js';
export { writeXmlPlist } from './write-xml-plist.js';
export type { PlistSource, PlistSourceDict } from './plist-source.js';
