import type { ReportRow } from './figures.js';
import { PROGRAM_NAMES } from './programs/backup-program.js';
import type { ProgramName } from './programs/backup-program.js';

const NOTHING = '–';

/** The rows as an aligned table: figures right, words left. */
export function formatTable(rows: readonly ReportRow[]): string {
  const lines = [
    ['row', ...PROGRAM_NAMES, 'unit', 'ratio'],
    ...rows.map((row) => [
      row.row,
      ...PROGRAM_NAMES.map((program) => cell(row, program)),
      row.unit,
      row.ratio === null ? NOTHING : `${row.ratio.toFixed(2)} ×`,
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  return lines
    .map((line) =>
      line
        .map((text, column) => {
          const width = widths[column] ?? 0;
          return column === 0 || column === 4 ? text.padEnd(width) : text.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cell(row: ReportRow, program: ProgramName): string {
  const value = row[program];
  if (value === null) return row.remarks[program] ?? NOTHING;
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
