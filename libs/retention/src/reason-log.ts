import type { Reason } from './decision.js';

/** Collects why items stay; the order of notes is the order reasons are shown in. */
export interface ReasonLog<Item> {
  note(item: Item, reason: Reason): void;
  of(item: Item): readonly Reason[];
}

/** Items are told apart by identity. */
export function createReasonLog<Item extends object>(): ReasonLog<Item> {
  const reasons = new Map<Item, Reason[]>();
  return {
    note(item, reason) {
      const known = reasons.get(item);
      if (known === undefined) reasons.set(item, [reason]);
      else known.push(reason);
    },
    of: (item) => reasons.get(item) ?? [],
  };
}
