import { isAndroidAppId, problemsOf } from '@rootcellar/archive';
import type { Actor, Continuity } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { readableRoots } from '../gate/readable-roots.sql.js';
import { listContinuity } from './list-continuity.js';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';
import { SHARED } from './shared.js';
import type { SharedView } from './shared.js';

const READABLE = readableRoots({ household: '$3', member: '$4' });

export interface AppView {
  readonly id: string;
  readonly bundleId: string;
  readonly name: string;
  readonly versions: number;
  readonly artifacts: number;
  /** Sizes of the packages as files. */
  readonly logicalBytes: number;
}

export interface ArtifactView {
  readonly id: string;
  readonly fileName: string;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly size: number;
  readonly createdAt: Date;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Of a package for Android, how its signer stands to the version before; null for iOS. */
  readonly continuity: Continuity | null;
  /** What in it contradicts it, or is not what it should be. */
  readonly problems: ReturnType<typeof problemsOf>;
  /** Nothing removes it. */
  readonly pinned: boolean;
  /** Kept by its owner alone, whom you are or who shared it. */
  readonly private: boolean;
  /** Set when it is somebody else's who shared it. */
  readonly shared: SharedView | null;
}

export interface AppVersionView {
  readonly id: string;
  readonly bundleId: string;
  readonly version: string | null;
  readonly build: string | null;
  readonly externalVersionId: string | null;
  /** The files kept of this version; two different files of one version are two artifacts. */
  readonly artifacts: ArtifactView[];
}

interface AppRowView extends Omit<AppView, 'versions' | 'artifacts' | 'logicalBytes'> {
  readonly versions: string;
  readonly artifacts: string;
  readonly logicalBytes: string;
}

/** The household's app library, which all its members share, with the member's own private packages and what was shared with them. */
export async function listApps(
  source: DataSource,
  actor: Actor,
  page: PageRequest,
): Promise<Page<AppView>> {
  return pageOf<AppRowView, AppView>(source, {
    sql: `select app.id, bundle_id as "bundleId", app.name, count(distinct app_version.id) as versions,
        count(artifact.id) as artifacts, coalesce(sum(artifact.size), 0) as "logicalBytes"
      from app join app_version on app_version.app_id = app.id join artifact on artifact.app_version_id = app_version.id
        join ${READABLE} as root on root.id = artifact.id and forgotten_at is null
      where app.household_id = $3 and ($1::uuid is null or app.id > $1) group by app.id order by app.id limit $2`,
    parameters: [actor.householdId, actor.memberId],
    page,
    toItem: (row) => ({
      ...row,
      versions: Number(row.versions),
      artifacts: Number(row.artifacts),
      logicalBytes: Number(row.logicalBytes),
    }),
  });
}

interface AppVersionRowView extends Omit<AppVersionView, 'artifacts'> {
  readonly artifacts: readonly (Omit<ArtifactView, 'createdAt' | 'continuity' | 'problems'> & {
    readonly createdAt: string;
  })[];
}

/** The kept versions of one app, in the order they came in. */
export async function listAppVersions(
  source: DataSource,
  actor: Actor,
  request: PageRequest & { readonly bundleId: string },
): Promise<Page<AppVersionView>> {
  const continuity = isAndroidAppId(request.bundleId)
    ? await listContinuity(source, actor, request.bundleId)
    : undefined;
  return pageOf<AppVersionRowView, AppVersionView>(source, {
    sql: `select app_version.id, bundle_id as "bundleId", version, build, external_version_id as "externalVersionId",
        jsonb_agg(jsonb_build_object('id', artifact.id, 'fileName', file_name, 'sha256', encode(sha256, 'hex'), 'size', size,
          'createdAt', root.created_at, 'facts', facts, 'pinned', pinned_at is not null and not lent,
          'private', household_wide is false, 'shared', ${SHARED}) order by artifact.id) as artifacts
      from app join app_version on app_version.app_id = app.id join artifact on artifact.app_version_id = app_version.id
      join ${READABLE} as root on root.id = artifact.id and forgotten_at is null
      where app.household_id = $3 and bundle_id = $5 and ($1::uuid is null or app_version.id > $1)
      group by app_version.id, bundle_id order by app_version.id limit $2`,
    parameters: [actor.householdId, actor.memberId, request.bundleId],
    page: request,
    toItem: (row) => ({
      ...row,
      artifacts: row.artifacts.map((artifact) => ({
        ...artifact,
        createdAt: new Date(artifact.createdAt),
        continuity: continuity?.get(artifact.id) ?? null,
        problems: problemsOf(artifact.facts),
      })),
    }),
  });
}
