import { randomFillSync } from 'node:crypto';
import { ArchiveError } from './archive-error.js';
import type { Clock } from './clock.js';

declare const brand: unique symbol;
/** A UUID in lower case; version 7 when made here, so that ids sort by the time they were made. */
export type Id<Name extends string = string> = string & { readonly [brand]: Name };

export type HouseholdId = Id<'household'>;
export type MemberId = Id<'member'>;
export type AccountId = Id<'account'>;
export type CredentialId = Id<'credential'>;
export type InvitationId = Id<'invitation'>;
export type DeviceCodeId = Id<'device-code'>;
export type DeviceId = Id<'device'>;
export type UploadId = Id<'upload'>;
export type PackId = Id<'pack'>;
/** Whatever keeps chunks alive. A snapshot's and an artifact's id is the id of its root. */
export type RootId = Id<'root'> | SnapshotId | ArtifactId;
export type SnapshotId = Id<'snapshot'>;
export type ArtifactId = Id<'artifact'>;
export type AppId = Id<'app'>;
export type AppVersionId = Id<'app-version'>;
export type JobId = Id<'job'>;
export type PlanId = Id<'plan'>;
export type RollbackPlanId = Id<'rollback-plan'>;

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A new UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the brand
export function newId<T extends Id>(clock: Clock): T {
  const bytes = randomFillSync(Buffer.allocUnsafe(16));
  bytes.writeUIntBE(clock.now().getTime(), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') as T;
}

/** @throws ArchiveError INPUT_INVALID when the text is no UUID. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the brand
export function parseId<T extends Id>(text: string): T {
  const id = text.toLowerCase();
  if (!FORM.test(id)) throw new ArchiveError('INPUT_INVALID', 'An id is a UUID.');
  return id as T;
}
