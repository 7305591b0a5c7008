import type { Figures } from '../figures.js';
import type { BackupProgram } from '../programs/backup-program.js';
import type { RowName } from '../rows.js';

/** What a scenario is given for one run. */
export interface BenchRun {
  readonly programs: readonly BackupProgram[];
  /** A folder of its own, removed after the run. */
  readonly room: string;
  readonly rows: ReadonlySet<RowName>;
  readonly figures: Figures;
  /** Counts the runs from 0. */
  readonly number: number;
  readonly note: (line: string) => void;
}

export const MIB = 2 ** 20;
/** Throughput is told in 10^6 bytes. */
export const MEGABYTE = 1e6;
