import { ArchiveError } from '@rootcellar/model';
import type { Context } from '../context.js';
import { EXIT, exitCodeOf } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { distinctFolders, passOnce, watchFolders } from '../watch/watch-folders.js';
import type { Pass } from '../watch/watch-folders.js';
import type { WatchSettings } from '../watch/watch-folder.js';
import type { Register } from './command.js';

interface WatchOptions {
  readonly backups?: boolean;
  readonly once?: boolean;
  readonly settle?: string;
  readonly every?: string;
  readonly pause?: string;
}

/** A copy over a bad network stands still for a while. */
const UNFINISHED_MS = 60_000;
const MOST_PAUSE_MS = 5 * 60_000;

export const registerWatch: Register = (program, run) => {
  program
    .command('watch <folder...>')
    .description('keep every finished app package that turns up in these folders, until stopped')
    .option('--backups', 'push finished iPhone and iPad backups in them as well, when they changed')
    .option('--once', 'look once, keep what is finished, and end')
    .option('--settle <seconds>', 'how long a file must not change (5)')
    .option('--every <seconds>', 'how often to look without being told (60)')
    .option('--pause <seconds>', 'how long to wait after a failure at first (5); longer each time')
    .addHelpText(
      'after',
      `
Prints a line for each package kept; with --json one JSON document a line. Files that browsers and tools still write are left alone.
A refused file is named once and not tried again until it changes. When the service, the sign-in or a folder is away, it waits.
With --once it ends with 3 when something was refused or is not finished, and with 75 when the service is away.`,
    )
    .action(run(watch));
};

async function watch(
  context: Context,
  given: readonly string[],
  options: WatchOptions,
): Promise<ExitCode> {
  const folders = distinctFolders(given);
  const settings = watchSettings(options);
  if (options.once === true) {
    const pass = await passOnce(context, folders, { ...settings, unfinishedMs: 0 });
    return finish(context, pass);
  }
  // Before anything else: a person who is not signed in wants to hear it now.
  await context.profile();
  context.output.note(`Watching ${folders.join(', ')}. Ctrl-C ends it.`);
  await watchFolders(context, folders, settings);
  return EXIT.ok;
}

/** @throws ArchiveError INPUT_INVALID */
export function watchSettings({ backups, settle, every, pause }: WatchOptions): WatchSettings {
  return {
    quietMs: 1000 * seconds('--settle', settle, { least: 0.1, most: 3_600, usual: 5 }),
    everyMs: 1000 * seconds('--every', every, { least: 1, most: 86_400, usual: 60 }),
    unfinishedMs: UNFINISHED_MS,
    backups: backups === true,
    pauses: {
      firstMs: 1000 * seconds('--pause', pause, { least: 0.1, most: 300, usual: 5 }),
      mostMs: MOST_PAUSE_MS,
    },
  };
}

function seconds(
  option: string,
  text: string | undefined,
  { least, most, usual }: { readonly least: number; readonly most: number; readonly usual: number },
): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= most) return value;
  throw new ArchiveError(
    'INPUT_INVALID',
    `${option} is a number of seconds from ${String(least)} to ${String(most)}.`,
  );
}

function finish(context: Context, { kept, alreadyKept, refused, left }: Pass): ExitCode {
  context.output.result(
    { event: 'done', kept, alreadyKept, refused: refused.length, left },
    `${String(kept)} kept, ${String(alreadyKept)} were kept before, ${String(refused.length)} refused, ${String(left)} not finished`,
  );
  if (refused.length + left === 0) return EXIT.ok;
  if (kept + alreadyKept > 0) return EXIT.partly;
  return refused.length > 0 ? exitCodeOf(refused[0]) : EXIT.tryAgain;
}
