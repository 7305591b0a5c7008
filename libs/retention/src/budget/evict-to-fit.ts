import type { SpaceLedger } from './space-ledger.js';

/** Something the budget may take. */
export interface Evictable {
  readonly id: string;
  /** How many reasons keep it: the fewer, the less it is worth. */
  readonly reasons: number;
  readonly date: Date;
}

/**
 * Takes the least valuable until the rest is within the limit: fewest reasons first, then the oldest. Then gives back, the
 * most valuable first, whatever costs nothing or still fits: nobody loses an item for no gain. Told from the other end, as it
 * is done: keep, the most valuable first, whatever costs nothing or fits.
 *
 * @param ledger holds what no budget takes; in the end all that stays
 * @returns what does not stay
 */
export function evictToFit<Item extends Evictable>(
  candidates: readonly Item[],
  ledger: SpaceLedger,
  limit: number,
): ReadonlySet<Item> {
  const keepWithin = (room: () => number) => (item: Item) => {
    const most = room();
    if (ledger.cost(item.id, most) > most) return true;
    ledger.keep(item.id);
    return false;
  };
  const mostValuableFirst = candidates.toSorted(byValue).reverse();
  const evicted = mostValuableFirst.filter(keepWithin(() => Math.max(0, limit - ledger.bytes)));
  // What was kept later may have made another's bytes shared, and so free. That costs nothing, so nothing else becomes free by it.
  return new Set(evicted.filter(keepWithin(() => 0)));
}

function byValue(a: Evictable, b: Evictable): number {
  return a.reasons - b.reasons || a.date.getTime() - b.date.getTime() || (a.id < b.id ? -1 : 1);
}
