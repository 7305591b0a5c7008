export { parsePlist } from './plist/parse-plist.js';
export { PLIST_LIMITS } from './plist/plist-limits.js';
export type { PlistLimits } from './plist/plist-limits.js';
export { PlistUid } from './plist/plist-value.js';
export type { PlistDict, PlistValue } from './plist/plist-value.js';
export {
  getArray,
  getBoolean,
  getData,
  getDate,
  getDict,
  getInteger,
  getString,
  isDict,
} from './plist/plist-fields.js';

export { parseUdid, udidOfFolder } from './backup/udid.js';
export type { Udid, UdidForm } from './backup/udid.js';
export { readBackupFacts } from './backup/read-backup-facts.js';
export type { BackupFacts, BackupPlists } from './backup/read-backup-facts.js';
export type { InstalledApp } from './backup/installed-apps.js';
export type { Blind } from './backup/itunes-metadata.js';
export { findBackupFolder } from './backup/find-backup-folder.js';
export { inspectBackupFolder } from './backup/inspect-backup-folder.js';
export type { BackupInspection, InspectOptions } from './backup/inspect-backup-folder.js';

export { writeAppBackup } from './app-backup/write-app-backup.js';
export type { AppBackup, AppBackupRequest } from './app-backup/write-app-backup.js';
export { appOfDomain, isDomainOf } from './app-backup/domains-of-app.js';

export { fileIdOf, isFileId } from './manifest/file-id.js';
export { parseManifestBlob } from './manifest/parse-manifest-blob.js';
export type { MbFile } from './manifest/parse-manifest-blob.js';
export { openManifest } from './manifest/open-manifest.js';
export type { OpenManifestOptions } from './manifest/open-manifest.js';
export type {
  FilesQuery,
  Manifest,
  ManifestCursor,
  ManifestDomain,
  ManifestPage,
  ManifestPageQuery,
  ManifestSelection,
} from './manifest/manifest.js';
export type { ManifestRow, ManifestRowType } from './manifest/manifest-row.js';
export { createManifestJoin } from './manifest/manifest-join.js';
export type {
  ExpectedPayload,
  ManifestJoin,
  ManifestJoinResult,
} from './manifest/manifest-join.js';

export { readStoreFiles } from './backup/store-files.js';
export type { StoreFiles } from './backup/store-files.js';
export { readDatabaseShape } from './app-data/database-shape.js';
export type { DatabaseShape } from './app-data/database-shape.js';
export { foldLog } from './app-data/fold-log.js';
export { readAppInfoPlist } from './package/app-info-plist.js';
export { inspectPackage, readPackageStore } from './package/inspect-package.js';
export type { MetadataProblem, PackageFacts, PackageStore } from './package/inspect-package.js';
export { findSeams } from './package/find-seams.js';
export type { SinfProblem } from './package/sinf.js';
export { packageProblems } from './package/package-problems.js';
export type { PackageProblem, ProblemFacts } from './package/package-problems.js';
export { readerOfBytes, readerOfFile } from '@rootcellar/zip';
export type { RandomAccessReader } from '@rootcellar/zip';
export { comparePackages } from './package/contents/compare-packages.js';
export type {
  Changed,
  CompareOptions,
  Difference,
  FileChange,
  PackageChanges,
} from './package/contents/compare-packages.js';
export { summariseContents } from './package/contents/summarise-contents.js';
export type { PackageContents } from './package/contents/summarise-contents.js';
export { describePackage } from './package/contents/describe-package.js';
export type { SharedFindings } from './package/contents/describe-package.js';
export type {
  BusinessSignal,
  FileStamp,
  PackageDescription,
  PrivacyManifest,
} from './package/contents/package-description.js';
export { judgeInstall } from './install/judge-install.js';
export type {
  InstallCheck,
  InstallFacts,
  InstallTarget,
  InstallVerdict,
} from './install/judge-install.js';
export type { InstallFact, InstallRisk } from './install/install-rights.js';
export type { AreaName } from './backup-coverage/areas.js';
export {
  CLOUD_FILES,
  CLOUD_FILE_MAX_BYTES,
  NO_CLOUD_FACTS,
  cloudFacts,
} from './backup-coverage/cloud-facts.js';
export type { CloudFacts, CloudFile, CloudState } from './backup-coverage/cloud-facts.js';
export type {
  Amount,
  AppAmount,
  AreaAmount,
  BackupCoverage,
  CoveredApp,
  DomainAmount,
} from './backup-coverage/coverage.js';
export { CoverageTally, coveredApp } from './backup-coverage/coverage-tally.js';
export type { CoveredFile } from './backup-coverage/coverage-tally.js';
export {
  appsChecklist,
  checklistWithoutPassword,
  restoreChecklist,
} from './backup-coverage/restore-checklist.js';
export type { ChecklistLine, ChecklistReason, Outcome } from './backup-coverage/checklist-line.js';
