import type { PlistDict, PlistValue } from './plist-value.js';

/*
 * Typed looks into a dictionary. A key that is not there and a value of another type are the same to a reader of
 * facts: `undefined`.
 */

export function isDict(value: PlistValue | undefined): value is PlistDict {
  return value instanceof Map;
}

export function getString(dict: PlistDict, key: string): string | undefined {
  const value = dict.get(key);
  return typeof value === 'string' ? value : undefined;
}

/** Whole numbers that are exact as `number` only. */
export function getInteger(dict: PlistDict, key: string): number | undefined {
  const value = dict.get(key);
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

/** `true`, `false` and the numbers 1 and 0, which some tools write instead. */
export function getBoolean(dict: PlistDict, key: string): boolean | undefined {
  const value = dict.get(key);
  if (typeof value === 'boolean') return value;
  if (value === 1) return true;
  return value === 0 ? false : undefined;
}

export function getDate(dict: PlistDict, key: string): Date | undefined {
  const value = dict.get(key);
  return value instanceof Date ? value : undefined;
}

export function getData(dict: PlistDict, key: string): Uint8Array | undefined {
  const value = dict.get(key);
  return value instanceof Uint8Array ? value : undefined;
}

export function getDict(dict: PlistDict, key: string): PlistDict | undefined {
  const value = dict.get(key);
  return isDict(value) ? value : undefined;
}

export function getArray(dict: PlistDict, key: string): readonly PlistValue[] | undefined {
  const value = dict.get(key);
  return Array.isArray(value) ? (value as readonly PlistValue[]) : undefined;
}
