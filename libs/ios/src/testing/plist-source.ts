import type { PlistUid } from '../plist/plist-value.js';

/** What the writers make a property list of; entries that are `undefined` are left out. */
export type PlistSource =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | PlistUid
  | readonly PlistSource[]
  | ReadonlyMap<string, PlistSource>
  | PlistSourceDict;

export interface PlistSourceDict {
  readonly [key: string]: PlistSource | undefined;
}

/** The entries of a dictionary in their order; `undefined` when the value is none. */
export function dictEntries(value: PlistSource): [string, PlistSource][] | undefined {
  if (value instanceof Map) return [...(value as ReadonlyMap<string, PlistSource>)];
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain) return undefined;
  return Object.entries(value).flatMap(([key, entry]) =>
    entry === undefined ? [] : [[key, entry] as [string, PlistSource]],
  );
}
