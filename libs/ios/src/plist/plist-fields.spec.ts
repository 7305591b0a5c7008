import { describe, expect, it } from '@jest/globals';
import {
  getArray,
  getBoolean,
  getData,
  getDate,
  getDict,
  getInteger,
  getString,
} from './plist-fields.js';
import type { PlistDict, PlistValue } from './plist-value.js';

const values: Readonly<Record<string, PlistValue>> = {
  text: 'a',
  number: 7,
  real: 1.5,
  huge: 2n ** 64n,
  yes: true,
  one: 1,
  zero: 0,
  date: new Date(0),
  data: Buffer.from('d'),
  list: [1],
  dict: new Map(),
};
const dict: PlistDict = new Map(Object.entries(values));

describe('looking into a dictionary', () => {
  it('gives a value of the type asked for', () => {
    expect(getString(dict, 'text')).toBe('a');
    expect(getInteger(dict, 'number')).toBe(7);
    expect(getBoolean(dict, 'yes')).toBe(true);
    expect(getDate(dict, 'date')).toEqual(new Date(0));
    expect(getData(dict, 'data')).toEqual(Buffer.from('d'));
    expect(getArray(dict, 'list')).toEqual([1]);
    expect(getDict(dict, 'dict')).toEqual(new Map());
  });

  it('takes 1 and 0 for true and false', () => {
    expect([getBoolean(dict, 'one'), getBoolean(dict, 'zero'), getBoolean(dict, 'number')]).toEqual(
      [true, false, undefined],
    );
  });

  it('gives nothing for a value of another type', () => {
    const looks = [getString, getInteger, getBoolean, getDate, getData, getDict, getArray];
    const fitting = new Set([
      'text',
      'number',
      'yes',
      'one',
      'zero',
      'date',
      'data',
      'list',
      'dict',
    ]);

    const found = looks.flatMap((look) =>
      [...dict.keys()].filter((key) => !fitting.has(key) && look(dict, key) !== undefined),
    );

    expect(found).toEqual([]);
    expect(getString(dict, 'number')).toBeUndefined();
    expect(getDict(dict, 'list')).toBeUndefined();
    expect(getArray(dict, 'data')).toBeUndefined();
  });
});
