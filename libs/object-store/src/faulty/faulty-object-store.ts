import type { ObjectKey } from '../object-key.js';
import type { DeletableObjectStore, ListedObject } from '../object-store.js';

/** One call, as a plan sees it. */
export interface StoreCall {
  readonly operation: 'put' | 'read' | 'stat' | 'list' | 'remove';
  /** The keys of the call; of a listing its prefix. */
  readonly keys: readonly string[];
  /** Counts the calls of this operation from 1. */
  readonly count: number;
}

/** What goes wrong with a call; several at once are possible. */
export interface Fault {
  /** Wait so long first. */
  readonly delayMs?: number;
  /** Thrown while nothing has happened yet. */
  readonly before?: Error;
  /** Thrown when it has happened: a listing behind its first object, a removal with half of the keys gone. */
  readonly after?: Error;
  /** A read gives at most this many bytes, and says nothing: a store that breaks its word. */
  readonly truncateTo?: number;
}

/** Decides for each call; undefined lets it pass. */
export type FaultPlan = (call: StoreCall) => Fault | undefined;

/** A store that fails as planned, to show that what is built on it bears that. For tests. */
export function faultyObjectStore(
  inner: DeletableObjectStore,
  plan: FaultPlan,
  sleep: (milliseconds: number) => Promise<void>,
): DeletableObjectStore {
  const counts = { put: 0, read: 0, stat: 0, list: 0, remove: 0 };
  const meet = async (
    operation: StoreCall['operation'],
    keys: readonly string[],
  ): Promise<Fault> => {
    counts[operation] += 1;
    const fault = plan({ operation, keys, count: counts[operation] }) ?? {};
    if (fault.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault.before !== undefined) throw fault.before;
    return fault;
  };

  return {
    put: async (key, parts, signal) => {
      const { after } = await meet('put', [key]);
      await inner.put(key, parts, signal);
      if (after !== undefined) throw after;
    },
    read: async (key, range, signal) => {
      const { after, truncateTo } = await meet('read', [key]);
      const bytes = await inner.read(key, range, signal);
      if (after !== undefined) throw after;
      return truncateTo === undefined ? bytes : bytes.slice(0, truncateTo);
    },
    readInto: async (key, offset, target, signal) => {
      const { after, truncateTo } = await meet('read', [key]);
      await inner.readInto(key, offset, target.subarray(0, truncateTo), signal);
      if (after !== undefined) throw after;
    },
    stat: async (key) => {
      const { after } = await meet('stat', [key]);
      const facts = await inner.stat(key);
      if (after !== undefined) throw after;
      return facts;
    },
    list: async function* (prefix): AsyncGenerator<ListedObject> {
      const { after } = await meet('list', [prefix]);
      for await (const object of inner.list(prefix)) {
        yield object;
        if (after !== undefined) break;
      }
      if (after !== undefined) throw after;
    },
    remove: async (keys) => {
      const { after } = await meet('remove', keys);
      const half: readonly ObjectKey[] = keys.slice(0, Math.ceil(keys.length / 2));
      await inner.remove(after === undefined ? keys : half);
      if (after !== undefined) throw after;
    },
  };
}
