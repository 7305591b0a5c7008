import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { table } from './table.js';

describe('table', () => {
  it('makes columns as wide as their widest cell, and leaves nothing behind the last', () => {
    const text = table(
      ['ID', 'NAME', ''],
      [
        ['1', 'Ada’s 📱', 'x'],
        ['22', 'Bo', ''],
      ],
    );

    expect(text.split('\n')).toEqual(['ID  NAME', '1   Ada’s 📱  x', '22  Bo']);
  });

  it('is a header alone when there is nothing below', () => {
    expect(table(['ID', 'NAME'], [])).toBe('ID  NAME');
  });

  it('begins every column at the same place in every line', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '📱', '-'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), (lines) => {
        const rows = table(
          ['A', 'B', '|'],
          lines.map((line) => [...line, '|']),
        ).split('\n');

        const ends = rows.map((row) => Array.from(row).indexOf('|'));
        expect(new Set(ends).size).toBe(1);
      }),
    );
  });
});
