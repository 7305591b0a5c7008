// A process of its own, so that its memory is that of plans alone: `node plan-process.js '{"connection": …, "householdId": …}'`.
import { readFileSync } from 'node:fs';
import { HouseholdSpaces, Retention } from '@rootcellar/archive';
import type { RetentionPlan } from '@rootcellar/archive';
import {
  PgBinCatalog,
  PgQuotaCatalog,
  PgRetentionCatalog,
  PgSpaceCatalog,
  openDatabase,
} from '@rootcellar/catalog';
import type { DatabaseSettings } from '@rootcellar/catalog';
import { systemClock } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';
import { tuneHeapForBulk } from '@rootcellar/platform';
import type { HouseholdPolicy } from '@rootcellar/retention';

/** What the process is told. */
export interface PlanOrder {
  readonly connection: DatabaseSettings;
  readonly householdId: HouseholdId;
  readonly policy: HouseholdPolicy;
}

/** What it prints. */
export interface PlanOutcome {
  /** Of the process's first plan: nothing is in memory yet, all is read from PostgreSQL. */
  readonly coldSeconds: number;
  /** Of the same plan again. */
  readonly warmSeconds: number;
  /** How much memory both took, at most, beyond that of the process before it opened anything. */
  readonly grownBytes: number | undefined;
  readonly kept: number;
  readonly removed: number;
  readonly removedForBudget: number;
}

const DAY_SECONDS = 86_400;

// As the service does.
tuneHeapForBulk();
const outcome = await makePlans(JSON.parse(process.argv[2] ?? '') as PlanOrder);
console.log(JSON.stringify(outcome));

async function makePlans({ connection, householdId, policy }: PlanOrder): Promise<PlanOutcome> {
  const before = ownMemory('VmRSS');
  const database = await openDatabase(connection);
  const retention = new Retention({
    retention: new PgRetentionCatalog(database, systemClock),
    bin: new PgBinCatalog(database, systemClock),
    quotas: new PgQuotaCatalog(database, systemClock),
    spaces: new HouseholdSpaces(new PgSpaceCatalog(database)),
    ...{ clock: systemClock, graceSeconds: DAY_SECONDS },
  });
  const plan = async (): Promise<{ seconds: number; made: RetentionPlan }> => {
    const start = performance.now();
    const made = await retention.plan(householdId, undefined, policy);
    return { seconds: (performance.now() - start) / 1000, made };
  };
  const { seconds: coldSeconds, made } = await plan();
  const { seconds: warmSeconds } = await plan();
  const peak = ownMemory('VmHWM');
  await database.destroy();
  return {
    ...{ coldSeconds, warmSeconds, kept: made.kept, removed: made.removed },
    grownBytes: before === undefined || peak === undefined ? undefined : peak - before,
    removedForBudget: made.items.filter(({ removedBy }) => removedBy === 'budget').length,
  };
}

/** In bytes; undefined where the system does not tell. */
function ownMemory(field: 'VmRSS' | 'VmHWM'): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const status = readFileSync('/proc/self/status', 'utf8');
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
