import { formatBytes } from '@rootcellar/model';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { when } from './lists.js';

export interface ConfirmOptions {
  readonly confirm?: readonly string[];
}

/** The option of whatever may remove much. */
export const CONFIRM = ['--confirm <name...>', 'agree by name to what is asked for'] as const;

export const registerBin: Register = (program, run) => {
  const bin = program.command('bin').description('what was removed and can be brought back');
  bin
    .command('list')
    .description('list what is in the bin; what goes first is first')
    .action(run(list));
  bin
    .command('empty')
    .description('end the time of everything in the bin: the next collection takes it for ever')
    .option(CONFIRM[0], 'the name of the household')
    .action(run(empty));
};

async function list(context: Context): Promise<ExitCode> {
  const service = await context.signedIn();
  const page = await service.call(async (api, signal) => api.GET('/api/v1/bin', { signal }));
  const lines = page.items.map((entry) => [
    ...[entry.kind === 'snapshot' ? 'snapshot' : 'app', entry.id, entry.name],
    ...[when(entry.forgottenAt), when(entry.goneAfter), entry.rule ?? ''],
    formatBytes(entry.uniqueBytes),
  ]);
  const header = ['KIND', 'ID', 'NAME', 'REMOVED', 'UNDO UNTIL', 'RULE', 'ALONE'];
  const text =
    lines.length === 0
      ? 'The bin is empty.'
      : `${table(header, lines)}\nBring back with \`rootcellar snapshot undo <id>\` or \`rootcellar app undo <id>\`.`;
  context.output.result(page, text);
  return EXIT.ok;
}

async function empty(context: Context, { confirm = [] }: ConfirmOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const body = { confirm: [...confirm] };
  const result = await service.call(async (api, signal) =>
    api.POST('/api/v1/bin/empty', { body, signal }),
  );
  const text =
    result.ended === 0
      ? 'The bin was empty.'
      : `The time of ${String(result.ended)} in the bin is over: the next collection takes them for ever and gives their space back, \`rootcellar admin gc\`.`;
  context.output.result(result, text);
  return EXIT.ok;
}
