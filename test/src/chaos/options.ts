import { parseArgs } from 'node:util';

export interface ChaosOptions {
  readonly help: boolean;
  readonly runs: number;
  readonly seed: number;
  /** How many orders of uploads, bin and collection are played afterwards. */
  readonly interleavings: number;
  /** Of one phone's first backup. */
  readonly sizeMib: number;
  /** File for what happened. */
  readonly json: string | undefined;
}

export const USAGE = `npm run chaos -- [options]

Kills the service, its database or the command (kill -9) in the middle of pushes, additions and restores, lets them come to their
end, and looks whether everything that was ever acknowledged is still there, byte for byte. Then plays orders in which uploads, the
bin and collection can run into each other. Ends with 0 when nothing was lost.

  --runs N       how many times (30; 0 for none)
  --seed N       what is pushed, and who is to die when (1); the very instant is up to the machine
  --interleavings N   afterwards so many orders in which uploads, the bin and collection can run into each other, processes killed at any
                 step, on a real PostgreSQL (20 for each run; 0 for none)
  --size-mib N   size of a phone's first backup (40)
  --json FILE    write what happened
  --cluster      something else: several processes with servers of their own (--cluster --help)
`;

const FLAGS = {
  help: { type: 'boolean', default: false },
  runs: { type: 'string', default: '30' },
  seed: { type: 'string', default: '1' },
  interleavings: { type: 'string' },
  'size-mib': { type: 'string', default: '40' },
  json: { type: 'string' },
} as const;

/** @throws Error whose message is for the user */
export function parseOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  const runs = wholeNumber('runs', values.runs, 0);
  return {
    help: values.help,
    runs,
    interleavings: wholeNumber('interleavings', values.interleavings ?? String(runs * 20), 0),
    seed: wholeNumber('seed', values.seed),
    sizeMib: wholeNumber('size-mib', values['size-mib']),
    json: values.json,
  };
}

/** @throws Error whose message is for the user */
export function wholeNumber(flag: string, text: string, least = 1): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${flag} takes a whole number from ${least}, not "${text}".`);
}
