import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figures } from './figures.js';
import type { BackupProgram, OpenArchive } from './programs/backup-program.js';
import { CommandFailed } from './programs/run-command.js';
import type { RowName } from './rows.js';

/** The programs of one scenario, each with an archive of its own. */
export interface Contest {
  /** One step for every program still in, one after the other; another one begins each time. */
  step(run: (archive: OpenArchive) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface ContestOptions {
  readonly programs: readonly BackupProgram[];
  /** A folder for the archives. */
  readonly room: string;
  /** The rows this scenario fills: what a program that fails leaves empty. */
  readonly rows: readonly RowName[];
  readonly figures: Figures;
  /** Which program begins. */
  readonly turn: number;
  readonly note: (line: string) => void;
}

/** Opens an archive of every program. One that fails is noted and leaves; the others go on. */
export async function openContest(options: ContestOptions): Promise<Contest> {
  const { programs, room, rows, figures, note } = options;
  let { turn } = options;
  let archives: OpenArchive[] = [];

  async function attempt(
    program: { readonly name: OpenArchive['name'] },
    run: () => Promise<void>,
  ) {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      figures.remark(rows, program.name, 'failed');
      note(`${program.name} failed and was left out. ${error.message}`);
      const [gone] = archives.filter(({ name }) => name === program.name);
      archives = archives.filter((archive) => archive !== gone);
      await gone?.close();
    }
  }

  async function close(): Promise<void> {
    for (const archive of archives) await archive.close();
    archives = [];
  }

  try {
    for (const program of programs) {
      const folder = join(room, program.name);
      await mkdir(folder, { recursive: true });
      await attempt(program, async () => {
        archives.push(await program.open(folder));
      });
    }
  } catch (error) {
    await close();
    throw error;
  }

  return {
    async step(run) {
      for (const archive of rotated(archives, turn)) await attempt(archive, () => run(archive));
      turn += 1;
    },
    close,
  };
}

function rotated<T>(items: readonly T[], turn: number): T[] {
  const start = items.length === 0 ? 0 : turn % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
