import { parseArgs } from 'node:util';
import { PROGRAM_NAMES } from './programs/backup-program.js';
import type { ProgramName } from './programs/backup-program.js';
import { ROWS, SCENARIOS, USUAL_SCENARIOS, rowsNamed } from './rows.js';
import type { RowName } from './rows.js';

export interface BenchOptions {
  readonly help: boolean;
  readonly rows: ReadonlySet<RowName>;
  readonly programs: ReadonlySet<ProgramName>;
  /** File for the rows. */
  readonly json: string | undefined;
  readonly seed: number;
  readonly corpus: string | undefined;
  readonly sizeMib: number;
  readonly days: number;
  readonly runs: number;
  readonly manyFiles: number;
  readonly apps: number;
  readonly versions: number;
  readonly appMib: number;
  /** Of the large household that is planned for, united and collected. */
  readonly chunks: number;
  readonly collectMib: number;
  readonly collectSeconds: number;
  /** Parent of the folder everything happens in; the system's temporary folder when not given. */
  readonly work: string | undefined;
  readonly keep: boolean;
  readonly verbose: boolean;
  /** Only writes a corpus to this folder. */
  readonly generate: string | undefined;
}

export const USAGE = `npm run bench -- [options]

Rootcellar beside restic and Borg on the same backups. Without options: all rows but those of scaling, on a generated corpus of 2 GiB, and
what only Rootcellar has: plans, and uploads while it collects.

  --rows a,b        only these: ${ROWS.filter(({ scenario }) => scenario !== 'scaling')
    .map(({ name }) => name)
    .join(', ')};
                    or all of a scenario: ${SCENARIOS.join(', ')}
  --programs a,b    only these: ${PROGRAM_NAMES.join(', ')}
  --json FILE       write the rows as JSON: [{row, ours, restic, borg, unit, ratio, remarks}]
  --seed N          seed of the generated corpus (1); same seed, same bytes
  --size-mib N      size of the generated backup (2048)
  --days N          days the generated backup goes through (3)
  --many-files N    files of the many-files rows (200000)
  --apps N --versions N --app-mib N   generated packages (8, 8, 20)
  --chunks N        chunks of the large household that is planned for, united and collected (5000000);
                    scaling, which runs only when it is named, takes a fifth, as many, and four times as many
  --collect-mib N   size of the backup that is collected (1536)
  --collect-seconds N   how long uploads are watched with collection, and without (60)
  --corpus DIR      take DIR/ios/day1, day2, … and DIR/ipas instead of generated ones
  --runs N          repeat everything and give the median (1); another program begins each time
  --work DIR        where to work (the system's temporary folder); needs about five times the backup's size
  --keep            leave the work folder
  --generate DIR    only write a corpus to DIR/ios/day1 … and DIR/ipas, for --corpus
  --verbose         print each command and what it took
`;

const FLAGS = {
  help: { type: 'boolean', default: false },
  rows: { type: 'string' },
  programs: { type: 'string', default: PROGRAM_NAMES.join(',') },
  json: { type: 'string' },
  seed: { type: 'string', default: '1' },
  corpus: { type: 'string' },
  'size-mib': { type: 'string', default: '2048' },
  days: { type: 'string', default: '3' },
  runs: { type: 'string', default: '1' },
  'many-files': { type: 'string', default: '200000' },
  apps: { type: 'string', default: '8' },
  versions: { type: 'string', default: '8' },
  'app-mib': { type: 'string', default: '20' },
  chunks: { type: 'string', default: '5000000' },
  'collect-mib': { type: 'string', default: '1536' },
  'collect-seconds': { type: 'string', default: '60' },
  work: { type: 'string' },
  keep: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  generate: { type: 'string' },
} as const;

/** @throws Error whose message is for the user. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  const number = (flag: NumberFlag): number => wholeNumber(flag, values[flag]);
  return {
    help: values.help,
    rows: rowsNamed(values.rows?.split(',') ?? USUAL_SCENARIOS),
    programs: programsNamed(values.programs.split(',')),
    json: values.json,
    seed: number('seed'),
    corpus: values.corpus,
    sizeMib: number('size-mib'),
    days: number('days'),
    runs: number('runs'),
    manyFiles: number('many-files'),
    apps: number('apps'),
    versions: number('versions'),
    appMib: number('app-mib'),
    chunks: number('chunks'),
    collectMib: number('collect-mib'),
    collectSeconds: number('collect-seconds'),
    work: values.work,
    keep: values.keep,
    verbose: values.verbose,
    generate: values.generate,
  };
}

type NumberFlag =
  | 'seed'
  | 'size-mib'
  | 'days'
  | 'runs'
  | 'many-files'
  | 'apps'
  | 'versions'
  | 'app-mib'
  | 'chunks'
  | 'collect-mib'
  | 'collect-seconds';

function wholeNumber(flag: NumberFlag, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= (flag === 'seed' ? 0 : 1)) return value;
  throw new Error(`--${flag} takes a whole number, not "${text}".`);
}

function programsNamed(names: readonly string[]): Set<ProgramName> {
  const known = PROGRAM_NAMES.filter((name) => names.includes(name));
  const unknown = names.filter((name) => !known.some((program) => program === name));
  if (unknown.length === 0) return new Set(known);
  throw new Error(`No such program: ${unknown.join(', ')}. Programs: ${PROGRAM_NAMES.join(', ')}.`);
}
