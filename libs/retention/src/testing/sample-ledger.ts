import type { SpaceLedger } from '../budget/space-ledger.js';

/** A ledger that tests may also take from. */
export interface SampleLedger extends SpaceLedger {
  drop(id: string): void;
}

/**
 * A ledger over chunks of given bytes: what several items name counts once.
 * @param kept what is there from the beginning
 */
export function sampleLedger(
  chunksOf: ReadonlyMap<string, readonly string[]>,
  bytesOf: (chunk: string) => number,
  kept: readonly string[] = [],
): SampleLedger {
  const present = new Set<string>();
  const weigh = (ids: Iterable<string>): number => {
    const chunks = new Set([...ids].flatMap((id) => chunksOf.get(id) ?? []));
    return [...chunks].reduce((sum, chunk) => sum + bytesOf(chunk), 0);
  };
  const keep = (id: string): void => {
    if (present.has(id)) throw new Error(`${id} is there already.`);
    present.add(id);
  };
  for (const id of kept) keep(id);
  return {
    get bytes() {
      return weigh(present);
    },
    cost: (id) => weigh([...present, id]) - weigh(present),
    keep,
    drop(id) {
      if (!present.delete(id)) throw new Error(`${id} is not there.`);
    },
  };
}
