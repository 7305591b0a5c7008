import { ArchiveError } from '@rootcellar/model';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { more, pageQuery, when, withPage } from './lists.js';
import type { PageOptions } from './lists.js';
import { memberIdOf } from './member-id.js';
import { idIn } from './names.js';
import { snapshotIdOf } from './snapshot.js';

interface ShareOptions {
  readonly with?: string;
  readonly until?: string;
  readonly app?: string;
}

export const registerShare: Register = (program, run) => {
  const share = program
    .command('share')
    .description('let others of the household read something of yours')
    .argument('[thing]', "a snapshot's id, latest:<device>, or a package's id")
    .option('--with <member>', 'who may read it: a member’s name or id')
    .option('--until <date>', 'until when: 2026-12-31, or a time with its zone')
    .option('--app <bundle-id>', "of a snapshot: only this app's data")
    .action(run(give));
  withPage(
    share.command('list').description('what you shared, and what was shared with you'),
  ).action(run(list));
  share
    .command('revoke <share-id>')
    .description('take it back, or refuse what was shared with you')
    .action(run(revoke));
};

async function give(
  context: Context,
  thing: string | undefined,
  options: ShareOptions,
): Promise<ExitCode> {
  if (thing === undefined || options.with === undefined || options.until === undefined)
    throw new ArchiveError('INPUT_INVALID', 'Say what to share, --with whom and --until when.');
  const until = dateIn(options.until);
  const withMemberId = await memberIdOf(context, options.with);
  const rootId = await snapshotIdOf(context, thing);
  const body = {
    ...{ rootId, withMemberId, until: until.toISOString() },
    ...(options.app === undefined ? {} : { bundleId: options.app }),
  };
  const service = await context.signedIn();
  const result = await service.call(async (api, signal) =>
    api.POST('/api/v1/shares', { body, signal }),
  );
  context.output.result(
    result,
    `Shared until ${when(until.toISOString())}. To take it back: \`rootcellar share revoke ${result.id}\``,
  );
  return EXIT.ok;
}

async function list(context: Context, options: PageOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/shares', { params: { query }, signal }),
  );
  const lines = page.items.map((share) => [
    share.id,
    share.side === 'given' ? `with ${share.with}` : `from ${share.from}`,
    share.bundleId === null ? share.name : `${share.name}: ${share.bundleId}`,
    when(share.until),
    share.rootId,
  ]);
  const text =
    lines.length === 0
      ? 'Nothing is shared: `rootcellar share <thing> --with <member> --until <date>` shares something.'
      : table(['ID', 'WHO', 'WHAT', 'UNTIL', 'SNAPSHOT OR PACKAGE'], lines) + more(page.nextCursor);
  context.output.result(page, text);
  return EXIT.ok;
}

async function revoke(context: Context, which: string): Promise<ExitCode> {
  const id = idIn(which, {
    message: 'A share is named by its id.',
    hint: '`rootcellar share list` shows the ids.',
  });
  const service = await context.signedIn();
  await service.call(async (api, signal) =>
    api.DELETE('/api/v1/shares/{id}', { params: { path: { id } }, signal }),
  );
  context.output.result({ id }, `Not shared any more: ${id}`);
  return EXIT.ok;
}

/** A day ends at its end, by this computer's clock. */
function dateIn(text: string): Date {
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999` : text);
  if (Number.isNaN(date.getTime()))
    throw new ArchiveError('INPUT_INVALID', '--until is a date such as 2026-12-31.');
  return date;
}
