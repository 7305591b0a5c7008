import { PROGRAM_NAMES } from './programs/backup-program.js';
import type { ProgramName } from './programs/backup-program.js';
import { ROWS } from './rows.js';
import type { RowDefinition, RowName } from './rows.js';

/** One row as `--json` has it. A figure that could not be taken is null, and `remarks` says why. */
export interface ReportRow {
  readonly row: RowName;
  readonly ours: number | null;
  readonly restic: number | null;
  readonly borg: number | null;
  readonly unit: RowDefinition['unit'];
  /** How many times better ours is than the better of the two others; below 1 it is worse. */
  readonly ratio: number | null;
  readonly remarks: Readonly<Partial<Record<ProgramName, string>>>;
}

/** Collects what is measured; of several runs of a row the median counts. */
export interface Figures {
  record(row: RowName, program: ProgramName, value: number): void;
  /** Why the rows have no figure of this program; a figure that is there stays. */
  remark(rows: Iterable<RowName>, program: ProgramName, text: string): void;
  report(rows: ReadonlySet<RowName>): ReportRow[];
}

type Key = `${RowName}/${ProgramName}`;

export function createFigures(): Figures {
  const values = new Map<Key, number[]>();
  const remarks = new Map<Key, string>();
  const figure = (row: RowName, program: ProgramName): number | null =>
    rounded(median(values.get(`${row}/${program}`) ?? []));

  return {
    record(row, program, value) {
      const key: Key = `${row}/${program}`;
      values.set(key, [...(values.get(key) ?? []), value]);
    },
    remark(rows, program, text) {
      for (const row of rows) remarks.set(`${row}/${program}`, text);
    },
    report: (rows) =>
      ROWS.filter(({ name }) => rows.has(name)).map((row) => {
        const [ours, restic, borg] = [
          figure(row.name, 'ours'),
          figure(row.name, 'restic'),
          figure(row.name, 'borg'),
        ];
        return {
          ...{ row: row.name, ours, restic, borg, unit: row.unit },
          ratio: ratioOf(row, ours, [restic, borg]),
          remarks: Object.fromEntries(
            PROGRAM_NAMES.flatMap((program) => {
              const remark = remarks.get(`${row.name}/${program}`);
              return remark === undefined ? [] : [[program, remark]];
            }),
          ),
        };
      }),
  };
}

export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function ratioOf(
  { better }: RowDefinition,
  ours: number | null,
  others: readonly (number | null)[],
): number | null {
  const rivals = others.filter((value) => value !== null);
  if (ours === null || rivals.length === 0) return null;
  const ratio = better === 'higher' ? ours / Math.max(...rivals) : Math.min(...rivals) / ours;
  return Number.isFinite(ratio) ? rounded(ratio) : null;
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toFixed(3));
}
