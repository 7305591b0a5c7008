import { isDuration } from './duration.js';
import type { Duration } from './household-policy.js';
import { refusePolicy, shown } from './refuse-policy.js';
import type { JsonPath } from './refuse-policy.js';

/** Readers of single values: believe nothing, and refuse with RETENTION_POLICY_INVALID. */
export type ReadValue<Value> = (value: unknown, path: JsonPath) => Value;

export function readObject(value: unknown, path: JsonPath): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refusePolicy(path, 'must be a JSON object');
  }
  return value as Record<string, unknown>;
}

/** An object that has no other keys than these. */
export function readKnown(
  value: unknown,
  path: JsonPath,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  const object = readObject(value, path);
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    refusePolicy(path, `has an unknown key "${shown(unknown)}"`, `Known are ${known.join(', ')}.`);
  }
  return object;
}

export function readCount(value: unknown, path: JsonPath): number {
  return readWhole(value, path, 10_000);
}

export function readDays(value: unknown, path: JsonPath): number {
  return readWhole(value, path, 365);
}

export function readFlag(value: unknown, path: JsonPath): boolean {
  if (typeof value !== 'boolean') refusePolicy(path, 'must be true or false');
  return value;
}

/** The number 0 is taken as well: it switches off what is inherited, as with a count. */
export function readDuration(value: unknown, path: JsonPath): Duration {
  if (isZero(value)) return '0d';
  if (typeof value !== 'string' || !isDuration(value)) {
    refusePolicy(
      path,
      'must be a duration: a whole number up to 10000 and h, d, w, m (30 days) or y (365 days), such as "14d"',
    );
  }
  return value;
}

function readWhole(value: unknown, path: JsonPath, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
    refusePolicy(path, `must be a whole number from 0 to ${most}`);
  }
  // JSON knows a negative zero; it would not survive being written and read.
  return isZero(value) ? 0 : value;
}

function isZero(value: unknown): value is 0 {
  return value === 0;
}
