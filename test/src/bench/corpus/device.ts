import { createDice } from './dice.js';

/** The made-up phone a corpus belongs to. */
export interface Device {
  readonly udid: string;
  readonly name: string;
  readonly serialNumber: string;
  readonly productType: string;
  readonly productName: string;
  readonly productVersion: string;
  readonly build: string;
}

const SERIAL_ALPHABET = '0123456789CDFGHJKLMNPQRTVWXY';
const FIRST_DAY_S = 1_700_000_000;
const DAY_S = 86_400;

export function deviceOf(seed: number): Device {
  const dice = createDice('device', seed);
  const serial = Array.from({ length: 9 }, () => SERIAL_ALPHABET[dice.int(0, 27)]).join('');
  return {
    udid: `00008101-${dice.bytes(8).toString('hex').toUpperCase()}`,
    name: 'Bench iPhone',
    serialNumber: `T${serial}`,
    productType: 'iPhone14,5',
    productName: 'iPhone 13',
    productVersion: '17.5.1',
    build: '21F90',
  };
}

/** Corpus days are counted from 1 and lie a day apart: the same at every run. Unix seconds. */
export function secondsOfDay(day: number): number {
  return FIRST_DAY_S + day * DAY_S;
}
