import type { Evidence } from './evidence.js';

/** Everything that was ever acknowledged, and what it must come back as. */
export interface Ledger {
  readonly snapshots: Map<string, Evidence>;
  /** By artifact. */
  readonly packages: Map<string, KeptPackage>;
  /** Processes killed so far: each may have left one upload open, not more. */
  kills: number;
}

export interface KeptPackage {
  readonly sha256: string;
  readonly size: number;
}

export function openLedger(): Ledger {
  return { snapshots: new Map(), packages: new Map(), kills: 0 };
}
