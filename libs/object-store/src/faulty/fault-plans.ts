import { ArchiveError } from '@rootcellar/model';
import type { Fault, FaultPlan, StoreCall } from './faulty-object-store.js';

/** One line of a script: the fault of the n-th call (from 1) of an operation. */
export interface ScriptedFault {
  readonly operation: StoreCall['operation'];
  readonly count: number;
  readonly fault: Fault;
}

/** Exactly these faults. */
export function scriptedFaults(script: readonly ScriptedFault[]): FaultPlan {
  return ({ operation, count }) =>
    script.find((line) => line.operation === operation && line.count === count)?.fault;
}

export interface SeededFaultOptions {
  /** The same seed and the same calls in the same order meet the same faults. */
  readonly seed: number;
  /** How many of the calls fail, 0 … 1; half of them before, half after their effect. */
  readonly failures: number;
  /** Every call waits up to this long. */
  readonly maxDelayMs?: number;
}

/** OBJECT_STORE_UNAVAILABLE, and waiting, by chance. */
export function seededFaults({ seed, failures, maxDelayMs }: SeededFaultOptions): FaultPlan {
  const random = mulberry32(seed);
  return ({ operation }) => {
    const delay = random();
    const chance = random();
    const error = (when: string): Error =>
      new ArchiveError('OBJECT_STORE_UNAVAILABLE', `A planned failure ${when} ${operation}.`);
    return {
      ...(maxDelayMs !== undefined && { delayMs: delay * maxDelayMs }),
      ...(chance < failures / 2 && { before: error('before') }),
      ...(chance >= failures / 2 && chance < failures && { after: error('after') }),
    };
  };
}

/** Tommy Ettinger's mulberry32: 32 bits of state are plenty for choosing faults. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
