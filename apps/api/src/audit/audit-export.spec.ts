import { describe, expect, it } from '@jest/globals';
import { csvCell } from './audit-export.js';

describe('a cell of an exported table', () => {
  it.each([
    ['=1+2', "'=1+2"],
    ['+49 30', "'+49 30"],
    ['-1', "'-1"],
    ['@sum', "'@sum"],
    ['\tx', "'\tx"],
    ['a "b", c', '"a ""b"", c"'],
    ['=a,"b"', '"\'=a,""b"""'],
    ['plain', 'plain'],
    [-5, '-5'],
    [null, ''],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('of %j is %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});
