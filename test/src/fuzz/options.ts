import { parseArgs } from 'node:util';

export interface FuzzOptions {
  readonly help: boolean;
  readonly seconds: number;
  readonly seed: number;
}

export const USAGE = `npm run fuzz -- [options]

Gives changed inputs to every parser of bytes from outside. An input may be refused with a known code, in bounded time and memory;
anything else is a finding: it is printed with what repeats it, and the run ends with 1.

  --seconds N   how long (60)
  --seed N      which changes (1)
`;

const FLAGS = {
  help: { type: 'boolean', default: false },
  seconds: { type: 'string', default: '60' },
  seed: { type: 'string', default: '1' },
} as const;

/** @throws Error whose message is for the user */
export function parseOptions(args: readonly string[]): FuzzOptions {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  return {
    help: values.help,
    seconds: wholeNumber('seconds', values.seconds),
    seed: wholeNumber('seed', values.seed),
  };
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`--${flag} takes a whole number from 1, not "${text}".`);
}
