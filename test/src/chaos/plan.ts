import type { Dice } from '../bench/corpus/dice.js';
import type { Passage } from './wire.js';

export type Victim = 'service' | 'command' | 'both' | 'database';

export type Moment =
  | { readonly kind: 'time'; /** Of the time such a deed takes. */ readonly share: number }
  | { readonly kind: 'passage'; readonly passage: Passage; readonly delayMs: number };

/** Who dies, and when. */
export interface Plan {
  readonly victim: Victim;
  readonly moment: Moment;
}

/** Draws a plan. `passages` are the points of the talk that the deed goes through. */
export function drawPlan(dice: Dice, passages: readonly [Passage, ...Passage[]]): Plan {
  const victim = dice.pick([
    ...(['service', 'service', 'service', 'command', 'command', 'command'] as const),
    ...(['both', 'database'] as const),
  ]);
  if (dice.chance(0.4)) {
    // From the command's own start to a little after the usual end.
    return { victim, moment: { kind: 'time', share: dice.fraction() * 1.05 } };
  }
  const passage = dice.pick(passages);
  // Often at once, otherwise while the other side works on it.
  const delayMs = dice.chance(0.4) ? 0 : dice.int(1, 80);
  return { victim, moment: { kind: 'passage', passage, delayMs } };
}

export function describePlan({ victim, moment }: Plan): string {
  if (moment.kind === 'time') return `${victim} at ${Math.round(moment.share * 100)} % of the time`;
  const { passage, delayMs } = moment;
  const after = delayMs === 0 ? '' : ` + ${delayMs} ms`;
  return `${victim} at ${passage.side} ${passage.nth} of ${passage.name}${after}`;
}
