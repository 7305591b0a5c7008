import { createHash } from 'node:crypto';
import type { VersionNames } from '../ports/app-catalog.js';

/** Two store ids can carry the same display version: the store's id decides where there is one. */
export function versionIdentity(names: Omit<VersionNames, 'bundleId'>): string {
  const { externalVersionId, version, build } = names;
  return externalVersionId === undefined
    ? `version:${version ?? ''}|${build ?? ''}`
    : `store:${externalVersionId}`;
}

/** A UUID (version 8) that stands for a version of an app, kept or not: always the same one, in every household. */
export function versionId({
  bundleId,
  identity,
}: {
  readonly bundleId: string;
  readonly identity: string;
}): string {
  const bytes = createHash('sha256').update(`${bundleId}\0${identity}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
