import type { Database } from '@rootcellar/catalog';
import { newId, systemClock } from '@rootcellar/model';
import type { Owner } from './fill-household.js';

/** The first number of a version at the store. */
const FIRST_NUMBER = 830_000_000;
/** Packages that were bought at different times have lists of different lengths: one of so many. */
const LISTS = 50;

/**
 * What packages and backups of a household that {@link fillHousehold} wrote say beside their versions: numbers of the store and its lists,
 * contents, buyers; each backup has one of the app's versions, and many other apps.
 */
export async function fillAppFacts(
  database: Database,
  { householdId }: Owner,
  { bundleId, otherApps }: { readonly bundleId: string; readonly otherApps: number },
): Promise<void> {
  const versions = `(select app_version.id, row_number() over (order by app_version.id) as n, count(*) over () as of
    from app_version join app on app.id = app_id where household_id = $1 and bundle_id = $2)`;
  const number = (n: string): string => `(${String(FIRST_NUMBER)} + 1000 * ${n})::text`;
  await database.query(
    `insert into store_list (id, household_id, bundle_id, digest, ids)
      select lists.id, $1, $2, sha256(int8send(at)), (select array_agg(${number('n')} order by n) from ${versions} as it where n <= of * at / $4)
      from unnest($3::uuid[]) with ordinality as lists (id, at)`,
    [householdId, bundleId, Array.from({ length: LISTS }, () => newId(systemClock)), LISTS],
  );
  await database.query(
    `update app_version set external_version_id = ${number('n')}, identity = 'store:' || ${number('n')}
      from ${versions} as it where it.id = app_version.id`,
    [householdId, bundleId],
  );
  await database.query(
    `update artifact set read_version = 1, buyer = sha256('ada'), released_at = '2015-01-01', purchased_at = '2024-01-01',
        store_list_id = (select id from store_list where length >= n order by length limit 1), contents = $3
      from ${versions} as it where it.id = artifact.app_version_id`,
    [householdId, bundleId, JSON.stringify(contents())],
  );
  await database.query(
    `update installed_app set external_version_id = ${number('at')}, version = null, buyer = sha256('ada'), from_store = true,
        store_list_id = (select id from store_list where length >= at order by length limit 1)
      from (select snapshot.id, row_number() over (order by taken_at) * 10 as at from snapshot where household_id = $1) as each
      where each.id = snapshot_id and bundle_id = $2`,
    [householdId, bundleId],
  );
  await database.query(
    `insert into installed_app (snapshot_id, bundle_id, name, version, build, external_version_id, buyer, from_store)
      select id, 'org.other.app' || app, 'Other ' || app, '1.' || at / 20, (at / 20)::text, (at / 20 * 1000 + app)::text, sha256('ada'), true
      from (select id, row_number() over (order by taken_at) as at from snapshot where household_id = $1) as each,
        generate_series(1, $2::integer) as app`,
    [householdId, otherApps],
  );
  await database.query(`update snapshot set apps_read_version = 1`);
}

/** As large as that of a usual app. */
function contents(): object {
  const names = (what: string): string[] =>
    Array.from({ length: 60 }, (_, at) => `${what}${String(at)}`);
  return {
    ...{ v: 1, bytes: 100_000_000, files: 3000, minimumOs: '15.0', deviceFamilies: [1, 2] },
    ...{ requiredCapabilities: ['arm64'], permissions: names('NSUsage'), urlSchemes: [] },
    ...{ backgroundModes: [], entitlements: names('com.apple.'), frameworks: names('Framework') },
    ...{ extensions: [], localisations: names('l'), privacy: null, signals: [], cut: false },
  };
}
