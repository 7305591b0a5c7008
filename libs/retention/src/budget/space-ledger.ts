/**
 * Counts the bytes that what is kept needs, while there is more and more of it: what several share counts once, so what one
 * item takes depends on which others are there. It begins with nothing; the planner leaves it as its decision would leave the store.
 */
export interface SpaceLedger {
  /** Stored bytes of everything kept so far. */
  readonly bytes: number;
  /** The bytes that keeping it would add; or anything above `most` when they are more than that. */
  cost(id: string, most: number): number;
  keep(id: string): void;
}
