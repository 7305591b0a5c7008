import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, openDatabase } from '@rootcellar/catalog';
import { startEmbeddedPostgres } from '@rootcellar/standalone';
import { sampleChunkSets } from '@rootcellar/vault/testing/samples';
import { createHousehold, fillHousehold } from '../household/fill-household.js';
import { fillWeights } from '../household/fill-packs.js';
import { largeHousehold } from '../household/large-household.js';
import { packsOf } from '../household/packs.js';
import type { PlanOrder, PlanOutcome } from '../household/plan-process.js';
import { runCommand } from '../programs/run-command.js';
import type { Workbench } from '../programs/run-command.js';
import { MIB } from './bench-run.js';
import type { BenchRun } from './bench-run.js';

const PLAN_PROCESS = fileURLToPath(new URL('../household/plan-process.js', import.meta.url));
const SNAPSHOTS = 1000;
const VERSIONS = 5000;
const POOL_SIZE = 4;
/** Of all there is: the rules take a little, the budget the rest. */
const BUDGET_SHARE = 0.75;

const RULES = {
  snapshots: { last: 3, daily: 14, weekly: 8, monthly: 12, yearly: 5 },
  versions: { last: 3, lastPerMajor: 1 },
} as const;

/** A retention plan for a large household: how long does it take, and how much memory? */
export async function runPlan(
  { seed, chunks }: { readonly seed: number; readonly chunks: number },
  bench: BenchRun,
  workbench: Workbench,
): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const server = await startEmbeddedPostgres({
    ...{ folder: join(bench.room, 'postgres'), durable: false },
    log: { info: () => undefined, warn: bench.note },
  });
  opened.defer(async () => server.stop());
  const connection = { ...server.connection, poolSize: POOL_SIZE };
  const database = await openDatabase(connection);
  opened.defer(async () => database.destroy());
  await migrate(database);
  const sample = sampleChunkSets(
    largeHousehold({ seed, chunks, snapshots: SNAPSHOTS, versions: VERSIONS }),
  );
  const owner = await createHousehold(database);
  await fillHousehold(database, owner, sample);
  await fillWeights(database, owner, sample.weights, packsOf(sample.weights));
  await database.query('analyze');
  const bytes = sample.weights.reduce((sum, weight) => sum + weight, 0);

  const policy = { ...RULES, budget: Math.round(BUDGET_SHARE * bytes) };
  const order: PlanOrder = { connection, householdId: owner.householdId, policy };
  const first = await planIn(order, workbench);
  // In a service that was started anew: what the household's roots weigh is noted by now.
  const outcome = await planIn(order, workbench);
  const { kept, removed, removedForBudget, coldSeconds, warmSeconds, grownBytes } = outcome;
  bench.note(
    `Plan: ${SNAPSHOTS} snapshots and ${VERSIONS} versions over ${sample.weights.length} chunks; ` +
      `${kept} stay, ${removed} go, ${removedForBudget} of them for the budget. ` +
      `The very first plan, which weighs every root, took ${first.coldSeconds.toFixed(2)} s.`,
  );
  bench.figures.record('plan-seconds', 'ours', coldSeconds);
  bench.figures.record('plan-again-seconds', 'ours', warmSeconds);
  if (grownBytes !== undefined) bench.figures.record('plan-rss', 'ours', grownBytes / MIB);
}

async function planIn(order: PlanOrder, workbench: Workbench): Promise<PlanOutcome> {
  const { stdout } = await runCommand(
    { command: process.execPath, args: [PLAN_PROCESS, JSON.stringify(order)] },
    workbench,
  );
  return JSON.parse(stdout) as PlanOutcome;
}
