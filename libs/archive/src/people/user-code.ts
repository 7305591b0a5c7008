import { randomInt } from 'node:crypto';

/** RFC 8628, 6.1: no vowels, so no words; no digits, so nothing to confuse. 20^8 is 34 bits. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;

/** A code a person reads from one screen and types at another: `WDJB-MJHT`. */
export function newUserCode(): string {
  const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
}

/**
 * What somebody typed, in the one form that is compared: case, spaces and dashes are theirs to choose.
 * @returns undefined for what can be no code
 */
export function readUserCode(typed: string): string | undefined {
  const letters = typed.toUpperCase().replaceAll(/[\s\-–—_.]/g, '');
  const isCode =
    letters.length === LENGTH && Array.from(letters).every((one) => LETTERS.includes(one));
  return isCode ? letters : undefined;
}
