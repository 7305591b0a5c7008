import type { Evidence } from '../evidence.js';

/** What was acknowledged to whom, and how the commands ended. */
export interface ClusterLedger {
  readonly snapshots: Map<string, Evidence>;
  /** Acknowledged to be forgotten. */
  readonly forgotten: Set<string>;
  /** Forgetting was asked for and its answer not heard: either is right. */
  readonly doubtful: Set<string>;
  /** What pushes carried whose end was not heard: a snapshot of it may be there. */
  readonly unheard: Evidence[];
  /** Ends with 75, "run me again", by command and code. */
  readonly again: Map<string, number>;
  readonly faults: string[];
  collections: number;
  pushes: number;
}

export function openClusterLedger(): ClusterLedger {
  return {
    ...{ snapshots: new Map(), forgotten: new Set(), doubtful: new Set() },
    ...{ unheard: [], again: new Map(), faults: [], collections: 0, pushes: 0 },
  };
}
