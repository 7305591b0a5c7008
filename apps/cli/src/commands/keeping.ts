import type { Command } from 'commander';
import { formatBytes } from '@rootcellar/model';
import type { ApiClient, Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { CONFIRM } from './bin.js';
import type { ConfirmOptions } from './bin.js';
import type { RunCommand } from './command.js';
import { when } from './lists.js';
import { confirmWith } from './confirmations.js';

type Call<Answer, Body = undefined> = (
  api: ApiClient,
  options: {
    readonly params: { readonly path: { readonly id: string } };
    readonly signal: AbortSignal;
    readonly body: Body;
  },
) => Promise<{ data?: Answer }>;

/** What can be pinned and forgotten: its commands' group, how its things are named and found, its routes. */
export interface Keeping {
  readonly group: 'snapshot' | 'app';
  /** As help and messages say it: `<snapshot>`, `<artifact-id>`. */
  readonly argument: string;
  /** @throws ArchiveError INPUT_INVALID, NOT_FOUND */
  readonly idOf: (context: Context, which: string) => Promise<string>;
  readonly pin: Call<Schemas['PinnedDto']>;
  readonly unpin: Call<Schemas['PinnedDto']>;
  readonly forget: Call<Schemas['ForgottenDto'], Schemas['ForgetDto']>;
  readonly undo: Call<Schemas['UndoneDto']>;
}

interface ForgetOptions extends ConfirmOptions {
  readonly dryRun?: boolean;
}

/** Adds `pin`, `unpin`, `forget` and `undo`. */
export function withKeeping(command: Command, run: RunCommand, keeping: Keeping): void {
  const { argument } = keeping;
  command
    .command(`pin ${argument}`)
    .description('never remove it, whatever the rules say')
    .action(run(async (context, which: string) => setPinned(context, keeping, which, true)));
  command
    .command(`unpin ${argument}`)
    .description('let rules and people remove it again')
    .action(run(async (context, which: string) => setPinned(context, keeping, which, false)));
  command
    .command(`forget ${argument}`)
    .description('move it to the bin; it can be brought back for some days')
    .option('--dry-run', 'only say what would happen')
    .option(...CONFIRM)
    .action(
      run(async (context, which: string, options: ForgetOptions) =>
        forget(context, keeping, which, options),
      ),
    );
  command
    .command(`undo ${argument}`)
    .description('bring it back from the bin as it was')
    .action(run(async (context, which: string) => undo(context, keeping, which)));
}

async function setPinned(
  context: Context,
  keeping: Keeping,
  which: string,
  pinned: boolean,
): Promise<ExitCode> {
  const call = pinned ? keeping.pin : keeping.unpin;
  const result = await ask(context, keeping, { which, call, body: undefined });
  const text = pinned
    ? `Pinned: nothing removes ${result.id}.`
    : `No longer pinned: ${result.id} may be removed.`;
  context.output.result(result, text);
  return EXIT.ok;
}

async function forget(
  context: Context,
  keeping: Keeping,
  which: string,
  { dryRun = false, confirm = [] }: ForgetOptions,
): Promise<ExitCode> {
  const body = { dryRun, confirm: [...confirm] };
  const result = await ask(context, keeping, { which, call: keeping.forget, body });
  const [item] = result.items;
  const freed = formatBytes(result.freedBytes);
  const text = dryRun
    ? [
        `Would go to the bin: ${item?.name ?? ''}`,
        `  ${freed} would come back after ${when(result.goneAfter)}; until then it could be brought back.`,
        ...confirmWith(result.confirmations),
        'Nothing was changed.',
      ]
    : [
        `In the bin: ${item?.name ?? ''}`,
        `  ${freed} come back after ${when(result.goneAfter)}; until then: \`rootcellar ${keeping.group} undo ${item?.id ?? ''}\``,
      ];
  context.output.result(result, text.join('\n'));
  return EXIT.ok;
}

async function undo(context: Context, keeping: Keeping, which: string): Promise<ExitCode> {
  const result = await ask(context, keeping, { which, call: keeping.undo, body: undefined });
  context.output.result(result, `Back from the bin as it was: ${result.id}`);
  return EXIT.ok;
}

async function ask<Answer, Body>(
  context: Context,
  { idOf }: Keeping,
  {
    which,
    call,
    body,
  }: {
    readonly which: string;
    readonly call: Call<Answer, Body>;
    readonly body: Body;
  },
): Promise<Answer> {
  const id = await idOf(context, which);
  const service = await context.signedIn();
  return service.call(async (api, signal) => call(api, { params: { path: { id } }, signal, body }));
}
