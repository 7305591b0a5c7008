export { ArchiveError, isArchiveError } from './archive-error.js';
export { ERRORS } from './errors.js';
export type { ArchiveErrorOptions, ErrorDetails, ErrorKind } from './archive-error.js';
export type { ErrorCode } from './errors.js';
export { addBytes, byteSize, formatBytes } from './byte-size.js';
export type { ByteSize } from './byte-size.js';
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
export { CHUNK_ID_BYTES, chunkId, chunkIdFromBytes, chunkIdToBytes, sha256 } from './chunk-id.js';
export type { ChunkId } from './chunk-id.js';
export { newId, parseId } from './id.js';
export type {
  AppId,
  AppVersionId,
  ArtifactId,
  AccountId,
  CredentialId,
  DeviceCodeId,
  DeviceId,
  HouseholdId,
  Id,
  InvitationId,
  JobId,
  MemberId,
  PackId,
  PlanId,
  RollbackPlanId,
  RootId,
  SnapshotId,
  UploadId,
} from './id.js';
export { comparePaths, isSafeRelativePath, PATH_MAX_BYTES } from './relative-path.js';
export { readableText } from './readable-text.js';
