import { Readable } from 'node:stream';
import { CollectGarbage, HouseholdSpaces } from '@rootcellar/archive';
import type { CollectionReport, Vaults } from '@rootcellar/archive';
import {
  PgBinCatalog,
  PgCollectionCatalog,
  PgRetentionCatalog,
  PgSpaceCatalog,
} from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { systemClock } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';

/** As the service has it: packs of which less is needed are written anew. */
const REPACK_BELOW = 0.6;

/** The catalog's part of a collection: there are no objects, so deleting them takes no time. */
export async function collectRows(
  database: Database,
  householdId: HouseholdId,
): Promise<CollectionReport> {
  const space = new PgSpaceCatalog(database);
  const collect = new CollectGarbage({
    bin: new PgBinCatalog(database, systemClock),
    collection: new PgCollectionCatalog(database, systemClock),
    retention: new PgRetentionCatalog(database, systemClock),
    spaces: new HouseholdSpaces(space),
    vaults: NO_OBJECTS,
    patienceSeconds: 0,
    clock: systemClock,
  });
  return collect.execute(householdId, { graceSeconds: 0, repackBelow: REPACK_BELOW });
}

const NO_OBJECTS = {
  open: async () =>
    Promise.resolve({
      removePack: async () => Promise.resolve(),
      listPacks: () => Readable.from([]),
    }),
} as unknown as Vaults;
