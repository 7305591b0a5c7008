import { Holds, RollbackPlans, RollbackRuns, StreamPlanData } from '@rootcellar/archive';
import type { ReadParts } from '@rootcellar/archive';
import {
  PgDeviceCatalog,
  PgHoldCatalog,
  PgRollbackCatalog,
  PgRunCatalog,
} from '@rootcellar/catalog';
import type { Adapters, Archive } from './archive.js';

type RunUseCases = Pick<Archive, 'holds' | 'rollbackRuns' | 'streamPlanData'>;

/** Carrying rollbacks out, and what is held afterwards. */
export function composeRuns(
  { database, clock, scratch }: Adapters,
  { reading, vaults, audit }: ReadParts,
): RunUseCases {
  const plans = new RollbackPlans(new PgRollbackCatalog(database, clock), clock);
  const devices = new PgDeviceCatalog(database, clock);
  return {
    holds: new Holds(new PgHoldCatalog(database, clock), devices, clock),
    rollbackRuns: new RollbackRuns({ plans, runs: new PgRunCatalog(database, clock), clock }),
    streamPlanData: new StreamPlanData({ reading, vaults, audit, plans, scratch }),
  };
}
