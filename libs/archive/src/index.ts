export { ReadArtifact } from './apps/read-artifact.js';
export type { ArtifactBytes } from './apps/read-artifact.js';
export { ScrubVault } from './maintenance/scrub-vault.js';
export type { ScrubFinding, ScrubProgress, ScrubReport } from './maintenance/scrub-vault.js';
export { TidyUploads } from './maintenance/tidy-uploads.js';
export type { TidyReport } from './maintenance/tidy-uploads.js';
export { hashPassword, verifyPassword } from './people/secrets.js';
export { SetUpHousehold } from './people/set-up-household.js';
export type { SetUpParts, SetUpRequest, SetupToken, SignedIn } from './people/set-up-household.js';
export { SignIn, authenticate } from './people/sign-in.js';
export type { JobQueue, JobState, JobView } from './ports/job-queue.js';
export type {
  Actor,
  NewCredential,
  NewHousehold,
  NewMember,
  PeopleCatalog,
  Profile,
  Role,
} from './ports/people-catalog.js';
export type {
  Commit,
  MaintenanceCatalog,
  NewArtifact,
  NewRoot,
  NewSnapshot,
  PackRecord,
  ReadableArtifact,
  ReadableRoot,
  ReadableSnapshot,
  ReadingCatalog,
  RootCatalog,
  RootRecord,
} from './ports/root-catalog.js';
export type { Scratch } from './ports/scratch.js';
export type {
  Declared,
  Upload,
  UploadCatalog,
  UploadProgress,
  UploadState,
} from './ports/upload-catalog.js';
export type { Vaults } from './ports/vaults.js';
export { BrowseSnapshot } from './snapshots/browse-snapshot.js';
export type { BackupFile, BackupFilePage, BrowseRequest } from './snapshots/browse-snapshot.js';
export { StreamSnapshot } from './snapshots/stream-snapshot.js';
export type { FileStreamAnswer, ReadParts } from './snapshots/stream-snapshot.js';
export { AbandonUpload } from './uploads/abandon-upload.js';
export type { CommittedArtifact } from './uploads/commit-artifact.js';
export type {
  CommitParts,
  CommittedSnapshot,
  MissingChunks,
  SnapshotClaims,
} from './uploads/commit-snapshot.js';
export { CommitUpload } from './uploads/commit-upload.js';
export { OpenUpload } from './uploads/open-upload.js';
export type { OpenUploadParts, OpenedUpload } from './uploads/open-upload.js';
export { ReceiveChunks } from './uploads/receive-chunks.js';
