import type { CommandEnd } from '@rootcellar/testkit';
import type { Deed } from './deeds.js';
import type { Household } from './household.js';
import { killHard, postmasterOf } from './processes.js';
import type { Moment, Plan, Victim } from './plan.js';

export interface Struck {
  /** In words, with what became of the command. */
  readonly outcome: string;
  readonly end: CommandEnd;
  /** How long it took when nobody disturbed it. */
  readonly tookMs: number | undefined;
  readonly faults: readonly string[];
}

/** Starts a deed, kills by plan, brings back to life what the household cannot do without, and waits for the command's end. */
export async function attemptUnderFire(
  household: Household,
  deed: Deed,
  { plan, usualMs }: { readonly plan: Plan; readonly usualMs: number },
): Promise<Struck> {
  const { victim, moment } = plan;
  const database = await postmasterOf(household.data);
  const started = performance.now();
  const command = household.agent.start(...deed.args);
  const reached = Promise.withResolvers<undefined>();
  let after: number | undefined;
  const strike = (): void => {
    after ??= performance.now() - started;
    if (victim === 'command' || victim === 'both') command.child.kill('SIGKILL');
    if (victim === 'service' || victim === 'both') killHard(household.servicePid());
    if (victim === 'database' && database !== undefined) killHard(database);
    reached.resolve(undefined);
  };
  const disarm = arm(household, moment, { usualMs, strike });
  await Promise.race([reached.promise, command.ended]);
  disarm();
  // The moment never came: then right after the end, when everything was acknowledged.
  const tookMs = after === undefined ? performance.now() - started : undefined;
  if (tookMs !== undefined) strike();
  const faults = await recover(household, victim);
  const end = await command.ended;
  const when = `after ${Math.round(after ?? 0)} ms${tookMs === undefined ? '' : ', at its end'}`;
  return { outcome: `${when}, ${became(end)}`, end, tookMs, faults };
}

function arm(
  household: Household,
  moment: Moment,
  { usualMs, strike }: { readonly usualMs: number; readonly strike: () => void },
): () => void {
  if (moment.kind === 'time') {
    const timer = setTimeout(strike, moment.share * usualMs);
    return () => clearTimeout(timer);
  }
  let timer: NodeJS.Timeout | undefined;
  const forget = household.wire.watch(moment.passage, () => {
    if (moment.delayMs === 0) strike();
    else timer = setTimeout(strike, moment.delayMs);
  });
  return () => {
    forget();
    clearTimeout(timer);
  };
}

async function recover(household: Household, victim: Victim): Promise<string[]> {
  if (victim === 'command') return [];
  const faults = victim === 'database' ? await household.mournDatabase() : [];
  await household.revive();
  return faults;
}

function became({ code }: CommandEnd): string {
  if (code === null) return 'the command died';
  return code === 0 ? 'the command came through' : `the command gave up with ${code}`;
}
