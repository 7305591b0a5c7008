import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the fake does: recorded behaviour of ipatool 2.x (`--format json --non-interactive`). */
export interface IpatoolPlay {
  /** Copied to where `--output` says. */
  readonly gives?: string;
  /** Written to standard output, a line each; `OUTPUT` becomes that path. */
  readonly says?: readonly string[];
  readonly code?: number;
  /** Does nothing for so long. */
  readonly sleepMs?: number;
}

export const IPATOOL_DONE =
  '{"level":"info","output":"OUTPUT","purchased":false,"success":true,"time":"2026-11-26T03:00:00+01:00"}';

export function ipatoolError(error: string): IpatoolPlay {
  return { says: [JSON.stringify({ level: 'error', error, success: false })], code: 1 };
}

/** A program that plays ipatool and notes how it was called. */
export interface FakeIpatool {
  readonly program: string;
  plays(play: IpatoolPlay): Promise<void>;
  /** Arguments and environment of each call. */
  calls(): Promise<
    readonly { readonly args: readonly string[]; readonly env: Record<string, string> }[]
  >;
}

export async function fakeIpatool(folder: string): Promise<FakeIpatool> {
  const [program, play, calls] = ['ipatool', 'play.json', 'calls'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await writeFile(program, `#!${process.execPath}\n${script(play, calls)}`);
  await chmod(program, 0o755);
  return {
    program,
    plays: async (what) => writeFile(play, JSON.stringify(what)),
    calls: async () => {
      const text = await readFile(calls, 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as never);
    },
  };
}

function script(play: string, calls: string): string {
  return `
const fs = require('node:fs');
const args = process.argv.slice(2);
fs.appendFileSync(${JSON.stringify(calls)}, JSON.stringify({ args, env: process.env }) + '\\n');
const play = JSON.parse(fs.readFileSync(${JSON.stringify(play)}, 'utf8'));
const output = args[args.indexOf('--output') + 1];
if (play.gives) fs.copyFileSync(play.gives, output);
for (const line of play.says ?? []) console.log(line.replace('OUTPUT', output));
process.exitCode = play.code ?? 0;
if (play.sleepMs) setTimeout(() => {}, play.sleepMs);
`;
}
