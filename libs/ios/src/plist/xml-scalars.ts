import { plistInvalid } from './plist-errors.js';
import type { PlistValue } from './plist-value.js';

/** Integers are at most 128 bits wide, as in the binary form: 39 digits. */
const INTEGER = /^([+-]?)(\d{1,39}|0[xX][0-9a-fA-F]{1,32})$/;
const REAL = /^[+-]?(\d{1,400}\.?\d{0,400}|\.\d{1,400})([eE][+-]?\d{1,4})?$/;
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
  ['infinity', Infinity],
  ['+infinity', Infinity],
  ['-infinity', -Infinity],
]);
const DATE = /^-?\d{1,9}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/** @throws ArchiveError PLIST_INVALID */
export function xmlScalar(element: string, text: string): PlistValue {
  switch (element) {
    case 'string':
      return text;
    case 'integer':
      return integer(text.trim());
    case 'real':
      return real(text.trim());
    case 'true':
    case 'false':
      return element === 'true';
    case 'date':
      return date(text.trim());
    case 'data':
      return data(text);
    default:
      throw plistInvalid('it holds an element of an unknown name');
  }
}

function integer(text: string): number | bigint {
  const match = INTEGER.exec(text);
  if (match === null) throw plistInvalid('a whole number is none');
  const magnitude = BigInt(match[2] ?? '0');
  const value = match[1] === '-' ? -magnitude : magnitude;
  const narrow = Number(value);
  return Number.isSafeInteger(narrow) ? narrow : value;
}

function real(text: string): number {
  const special = NOT_FINITE.get(text.toLowerCase());
  if (special !== undefined) return special;
  if (!REAL.test(text)) throw plistInvalid('a real number is none');
  return Number(text);
}

function date(text: string): Date | null {
  if (!DATE.test(text)) throw plistInvalid('a date is none');
  const value = new Date(text);
  return Number.isNaN(value.getTime()) ? null : value;
}

function data(text: string): Uint8Array {
  if (/[^A-Za-z0-9+/=\s]/.test(text)) throw plistInvalid('its data are not base64');
  return Buffer.from(text, 'base64');
}
