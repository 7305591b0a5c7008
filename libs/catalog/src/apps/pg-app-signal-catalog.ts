import type {
  AppSignalCatalog,
  Membership,
  SignalledApp,
  SignalledVersion,
  StoredSignal,
} from '@rootcellar/archive';
import type { AppVersionId, ArtifactId, HouseholdId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { readableRoots } from '../gate/readable-roots.sql.js';
import { firstRow, rows } from '../sql.js';

const READABLE = readableRoots({ household: '$1', member: '$2' });
/** Of each version. What is beyond says nothing new. */
const SIGNALS_MAX = 40;
/** No app had more versions; what is beyond is not shown. */
const VERSIONS_MAX = 5000;

interface VersionRow {
  readonly id: AppVersionId;
  readonly name: string;
  readonly subscriptionFrom: string | null;
  readonly version: string | null;
  readonly build: string | null;
  readonly externalVersionId: string | null;
  readonly releasedAt: Date | null;
  readonly storeListId: string | null;
  readonly artifactId: ArtifactId;
  readonly signals: readonly StoredSignal[] | null;
  readonly unread: boolean;
}

export class PgAppSignalCatalog implements AppSignalCatalog {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  async areLinked(householdId: HouseholdId, one: string, other: string): Promise<boolean> {
    const link = await firstRow(
      this.#source,
      `select from app_link where household_id = $1
          and ((bundle_id = $2 and to_bundle_id = $3) or (bundle_id = $3 and to_bundle_id = $2)
            or (bundle_id = $2 and to_bundle_id = (
              select to_bundle_id from app_link as second where second.household_id = $1 and second.bundle_id = $3)))`,
      [householdId, one, other],
    );
    return link !== undefined;
  }

  async findSignals(
    { householdId, memberId }: Membership,
    bundleId: string,
  ): Promise<SignalledApp | undefined> {
    const found = await rows<VersionRow>(
      this.#source,
      `select distinct on (app_version.id) app_version.id, app.name, app.subscription_from as "subscriptionFrom", app_version.version,
          app_version.build, app_version.external_version_id as "externalVersionId", artifact.id as "artifactId",
          released_at as "releasedAt", store_list_id as "storeListId",
          jsonb_path_query_array(contents, '$.signals[0 to ${String(SIGNALS_MAX - 1)}]') as signals,
          contents is null and read_version = 0 as unread
        from app join app_version on app_version.app_id = app.id join artifact on artifact.app_version_id = app_version.id
          join ${READABLE} as root on root.id = artifact.id and forgotten_at is null
        where app.household_id = $1 and bundle_id = $3
        order by app_version.id desc, contents is null, artifact.id limit ${String(VERSIONS_MAX)}`,
      [householdId, memberId, bundleId],
    );
    const [first] = found;
    if (first === undefined) return undefined;
    return {
      ...{ bundleId, name: first.name },
      subscriptionFrom: first.subscriptionFrom ?? undefined,
      versions: found.map(toVersion),
      storeList: await this.#longestList(found.flatMap(({ storeListId }) => storeListId ?? [])),
    };
  }

  async #longestList(ids: readonly string[]): Promise<readonly string[]> {
    const list = await firstRow<{ readonly ids: readonly string[] }>(
      this.#source,
      `select ids from store_list where id = any($1) order by cardinality(ids) desc, id desc limit 1`,
      [[...new Set(ids)]],
    );
    return list?.ids ?? [];
  }
}

function toVersion(row: VersionRow): SignalledVersion {
  const { id, artifactId, unread } = row;
  return {
    ...{ id, artifactId, unread, releasedAt: row.releasedAt ?? undefined },
    version: row.version ?? undefined,
    build: row.build ?? undefined,
    externalVersionId: row.externalVersionId ?? undefined,
    signals: row.signals ?? undefined,
  };
}
