import { describe, expect, it } from '@jest/globals';
import { createFigures } from './figures.js';
import { formatTable } from './report.js';
import { rowsNamed } from './rows.js';

describe('createFigures', () => {
  it('compares with the better of the two others, by what is better in the row', () => {
    const figures = createFigures();
    figures.record('first-backup', 'ours', 300);
    figures.record('first-backup', 'restic', 100);
    figures.record('first-backup', 'borg', 150);
    figures.record('unchanged-backup', 'ours', 2);
    figures.record('unchanged-backup', 'borg', 1);

    const rows = figures.report(rowsNamed(['unchanged-backup', 'first-backup']));

    expect(rows).toMatchObject([
      { row: 'first-backup', ours: 300, restic: 100, borg: 150, unit: 'MB/s', ratio: 2 },
      { row: 'unchanged-backup', ours: 2, restic: null, borg: 1, unit: 's', ratio: 0.5 },
    ]);
  });

  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
  ])('takes the median of %j', (values, expected) => {
    const figures = createFigures();
    for (const value of values) figures.record('restore', 'borg', value);

    expect(figures.report(rowsNamed(['restore']))[0]?.borg).toBe(expected);
  });
});

describe('formatTable', () => {
  it('lines up figures and says why one is missing', () => {
    const figures = createFigures();
    figures.record('restore', 'ours', 412.4);
    figures.remark(['restore'], 'restic', 'not installed');

    const table = formatTable(figures.report(rowsNamed(['restore'])));

    expect(table.split('\n')).toEqual([
      'row      ours         restic  borg  unit  ratio',
      'restore   412  not installed     –  MB/s      –',
    ]);
  });
});

describe('rowsNamed', () => {
  it('takes the name of a scenario for all its rows', () => {
    expect([...rowsNamed(['plan', 'union'])]).toEqual([
      'plan-seconds',
      'plan-again-seconds',
      'plan-rss',
      'union-seconds',
    ]);
  });

  it('brings the bytes of the next day along', () => {
    expect([...rowsNamed(['next-day'])]).toEqual(['next-day', 'next-day-bytes']);
  });

  it('refuses a row it does not know', () => {
    expect(() => rowsNamed(['restore', 'speed'])).toThrow('No such row: speed.');
  });
});
