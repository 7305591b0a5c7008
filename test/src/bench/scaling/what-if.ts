import { HouseholdSpaces, ReportStorage, Retention } from '@rootcellar/archive';
import {
  PgBinCatalog,
  PgQuotaCatalog,
  PgRetentionCatalog,
  PgSpaceCatalog,
} from '@rootcellar/catalog';
import { actingAs } from '../../acting-as.js';
import type { Database } from '@rootcellar/catalog';
import { systemClock } from '@rootcellar/model';
import type { RootId } from '@rootcellar/model';
import type { Owner } from '../household/fill-household.js';
import { secondsOf } from './timed.js';

const RULES = {
  snapshots: { last: 3, daily: 14, weekly: 8, monthly: 12 },
  versions: { last: 3, lastPerMajor: 1 },
} as const;
const DAY_SECONDS = 86_400;

export interface WhatIf {
  /** What deleting one device's backups would free. All is read from PostgreSQL, every root is weighed. */
  readonly frees: number;
  /** A retention plan of a process that was started anew. */
  readonly plan: number;
}

/** In seconds. */
export async function askWhatIf(database: Database, owner: Owner): Promise<WhatIf> {
  const { householdId, memberId } = owner;
  const found = await database.query<{ id: RootId }[]>(
    `select id from snapshot where device_id = (select id from device where household_id = $1 order by id limit 1)`,
    [householdId],
  );
  const space = new PgSpaceCatalog(database);
  const policies = new PgRetentionCatalog(database, systemClock);
  const quotas = new PgQuotaCatalog(database, systemClock);
  const storage = new ReportStorage({
    quotas,
    ...{ space, spaces: new HouseholdSpaces(space), retention: policies, clock: systemClock },
    freeBytes: async () => Promise.resolve(undefined),
  });
  const actor = actingAs({ memberId, householdId, role: 'admin' });
  const frees = await secondsOf(async () =>
    storage.frees(
      actor,
      found.map(({ id }) => id),
    ),
  );
  const retention = new Retention({
    quotas,
    retention: policies,
    bin: new PgBinCatalog(database, systemClock),
    spaces: new HouseholdSpaces(space),
    ...{ clock: systemClock, graceSeconds: DAY_SECONDS },
  });
  const plan = await secondsOf(async () => retention.plan(householdId, undefined, RULES));
  return { frees, plan };
}
