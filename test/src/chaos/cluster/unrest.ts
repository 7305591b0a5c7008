import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from '@rootcellar/testkit';
import type { Dice } from '../../bench/corpus/dice.js';
import type { ClusterLedger } from './cluster-ledger.js';
import { noteEnd } from './device.js';
import type { RouteFigures } from './route-figures.js';
import type { Supervised } from './supervised.js';

const PAUSE_MS = 500;

/** Empties the bin and asks for a collection without grace, again and again. */
export async function collectOn(
  agent: Agent,
  ledger: ClusterLedger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const args of [
      ['bin', 'empty', '--confirm', 'Test'],
      ['admin', 'gc', '--no-grace', '--compact'],
    ]) {
      const end = await agent.run(...args);
      if (end.code !== 0) noteEnd(ledger, args.join(' '), args.slice(0, 2).join(' '), end);
      else if (args[1] === 'gc') ledger.collections += 1;
    }
    await sleep(PAUSE_MS);
  }
}

export interface KillOrder {
  readonly apis: readonly Supervised[];
  readonly workers: readonly Supervised[];
  readonly everySeconds: number;
  readonly dice: Dice;
  /** Noted before an api dies with its figures. */
  readonly figures: RouteFigures;
  readonly signal: AbortSignal;
  readonly struck: (strikes: number) => void;
}

/** Kills one api and one worker, waits until both are back, and again. */
export async function killOn(order: KillOrder): Promise<void> {
  const { apis, workers, everySeconds, dice, figures, signal, struck } = order;
  for (let strikes = 1; ; strikes += 1) {
    await sleep(everySeconds * 1000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const [api, worker] = [dice.pick(apis as Few), dice.pick(workers as Few)];
    await figures.note(api.monitoringPort);
    await Promise.all([api.killAndRestart(), worker.killAndRestart()]);
    struck(strikes);
  }
}

type Few = readonly [Supervised, ...Supervised[]];
