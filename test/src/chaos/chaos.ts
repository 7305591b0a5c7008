import { join } from 'node:path';
import { createDice } from '../bench/corpus/dice.js';
import type { Dice } from '../bench/corpus/dice.js';
import { attemptUnderFire } from './attempt.js';
import { openBooks } from './books.js';
import { addDeed, pushDeed, restoreDeed } from './deeds.js';
import type { Deed } from './deeds.js';
import { foundHousehold } from './household.js';
import type { Household } from './household.js';
import { inspect } from './inspection.js';
import { openLedger } from './ledger.js';
import type { Ledger } from './ledger.js';
import { Phones } from './phones.js';
import { describePlan, drawPlan } from './plan.js';

export interface ChaosOrder {
  /** An empty folder; what is in it afterwards is the caller's to remove. */
  readonly room: string;
  readonly runs: number;
  readonly seed: number;
  readonly sizeMib: number;
  readonly onRun: (report: RunReport) => void;
  /** Gives up; the service is stopped. */
  readonly signal: AbortSignal;
}

/** What happened in one run; nothing was lost when there are no faults. */
export interface RunReport {
  readonly run: number;
  readonly deed: string;
  readonly killed: string;
  readonly outcome: string;
  /** How often the command had to be started until it was done. */
  readonly attempts: number;
  readonly snapshots: number;
  readonly packages: number;
  readonly seconds: number;
  readonly faults: readonly string[];
}

const ATTEMPTS_MAX = 4;
const FIRST_GUESS_MS = { 'first-push': 1500, 'next-push': 700, add: 1200, restore: 900 };
/** The command's code for "not now: run me again". */
const TRY_AGAIN = 75;

/** Runs until something is wrong or all runs are done. @returns the reports; the last one tells what is wrong, if anything is */
export async function runChaos(order: ChaosOrder): Promise<RunReport[]> {
  await using household = await foundHousehold(order.room, order.signal);
  const cast: Cast = {
    ...{ order, household, ledger: openLedger(), usualMs: { ...FIRST_GUESS_MS } },
    phones: new Phones(order.room, order),
  };
  const reports: RunReport[] = [];
  for (let run = 1; run <= order.runs; run += 1) {
    const report = await oneRun(cast, run);
    order.signal.throwIfAborted();
    reports.push(report);
    order.onRun(report);
    if (report.faults.length > 0) return reports;
  }
  const aftermath = await tidyUp(cast);
  order.onRun(aftermath);
  return [...reports, aftermath];
}

interface Cast {
  readonly order: ChaosOrder;
  readonly household: Household;
  readonly ledger: Ledger;
  readonly phones: Phones;
  /** Measured: how long a deed takes that nobody disturbs. */
  readonly usualMs: Record<Deed['kind'], number>;
}

async function oneRun(cast: Cast, run: number): Promise<RunReport> {
  const { order, household, ledger, usualMs } = cast;
  const started = performance.now();
  const dice = createDice('chaos', order.seed, run);
  const deed = await drawDeed(cast, dice, run);
  const plan = drawPlan(dice, deed.passages);
  const struck = await attemptUnderFire(household, deed, { plan, usualMs: usualMs[deed.kind] });
  ledger.kills += plan.victim === 'both' ? 2 : 1;
  const faults = [...struck.faults];
  let { end } = struck;
  let attempts = 1;
  while (end.code !== 0 && attempts < ATTEMPTS_MAX && faults.length === 0) {
    if (end.code !== null && end.code !== TRY_AGAIN) {
      faults.push(`the command gave up with ${end.code}: ${end.stdout}${end.stderr}`);
    }
    end = await household.agent.run(...deed.args);
    attempts += 1;
  }
  if (struck.tookMs !== undefined) usualMs[deed.kind] = struck.tookMs;
  if (end.code === 0) faults.push(...(await deed.acknowledge(end.json())));
  else faults.push(`it did not come to its end: ${end.stdout}${end.stderr}`);
  faults.push(...(await inspect(household, ledger, { room: order.room, unheard: deed.unheard })));
  return {
    ...{ run, deed: deed.words, killed: describePlan(plan), outcome: struck.outcome, attempts },
    ...{ snapshots: ledger.snapshots.size, packages: ledger.packages.size },
    ...{ seconds: Math.round(performance.now() - started) / 1000, faults },
  };
}

async function drawDeed(cast: Cast, dice: Dice, run: number): Promise<Deed> {
  const { order, ledger, phones } = cast;
  if (run % 5 === 3) {
    return addDeed(dice, ledger, { folder: join(order.room, 'packages'), seed: order.seed });
  }
  if (run % 5 === 0) {
    const deed = await restoreDeed(dice, ledger, join(order.room, 'restored'));
    if (deed !== undefined) return deed;
  }
  return pushDeed(dice, phones, ledger);
}

/** In the end what the kills left behind goes, and nothing else. */
async function tidyUp({ order, household, ledger }: Cast): Promise<RunReport> {
  const started = performance.now();
  const faults: string[] = [];
  {
    await using books = await openBooks(household.data);
    faults.push(...(await books.tidy()));
  }
  faults.push(...(await inspect(household, ledger, { room: order.room, unheard: undefined })));
  return {
    ...{ run: order.runs + 1, deed: 'tidying', killed: 'nobody', attempts: 1 },
    outcome: 'what the kills left behind was removed',
    ...{ snapshots: ledger.snapshots.size, packages: ledger.packages.size },
    ...{ seconds: Math.round(performance.now() - started) / 1000, faults },
  };
}
