import { writeFile } from 'node:fs/promises';
import { ArchiveError } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { systemErrorCode } from '../error-code.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import type { Service } from '../service.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { more, pageQuery, when, withPage } from './lists.js';
import type { PageOptions } from './lists.js';
import { nameIn } from './names.js';

interface CreateOptions {
  readonly scope: string;
  readonly name: string;
  readonly expires?: string;
  readonly out?: string;
}

type Scope = Schemas['NewTokenDto']['scope'];

const DAY_MS = 86_400_000;

export const registerToken: Register = (program, run) => {
  const token = program
    .command('token')
    .description('sign-ins for machines: named, for one purpose, revocable');
  token
    .command('create')
    .description('make one for the household this computer is signed in to; it is told once')
    .requiredOption(
      '--scope <scope>',
      'push: adds backups and packages; restore: reads what you may read, too; admin: all you may do',
    )
    .requiredOption('--name <name>', 'what it is for')
    .option('--expires <days>', 'it works for so long; until it is revoked without it')
    .option('--out <file>', 'write it to this new file, for you alone, and do not show it')
    .action(run(create));
  withPage(
    token.command('list').description('list yours; administrators see those of everybody here'),
  ).action(run(list));
  token.command('revoke <id>').description('it works no more').action(run(revoke));
};

async function create(context: Context, options: CreateOptions): Promise<ExitCode> {
  const { name, out } = options;
  const scope = scopeIn(options.scope);
  const days = daysIn(options.expires);
  const now = context.world.clock.now().getTime();
  const expiresAt = days === undefined ? undefined : new Date(now + days * DAY_MS).toISOString();
  const service = await context.signedIn();
  const body = { name, scope, ...(expiresAt === undefined ? {} : { expiresAt }) };
  const { id, token } = await service.call(async (api, signal) =>
    api.POST('/api/v1/tokens', { body, signal }),
  );
  if (out === undefined) {
    context.output.note('It is told once. Use it with `rootcellar login --token-file <file>`.');
    context.output.result({ id, name, scope, expiresAt: expiresAt ?? null, token }, token);
    return EXIT.ok;
  }
  await writeOrRevoke(service, { id, token, out });
  const text = `${out} holds the token. Use it with \`rootcellar login --token-file ${out}\`.`;
  context.output.result({ id, name, scope, expiresAt: expiresAt ?? null, file: out }, text);
  return EXIT.ok;
}

/** A token that nobody has is no use to anybody. */
async function writeOrRevoke(
  service: Service,
  { id, token, out }: { readonly id: string; readonly token: string; readonly out: string },
): Promise<void> {
  try {
    // Not into a file that is there: it may be open to others, or a link.
    await writeFile(out, `${token}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    await service.call(async (api, signal) =>
      api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } }, signal }),
    );
    const code = systemErrorCode(cause);
    if (code === undefined) throw cause;
    throw new ArchiveError(
      'INPUT_INVALID',
      `The file cannot be written (${code}). The token was revoked.`,
      { cause, hint: 'Name a file that does not exist yet.' },
    );
  }
}

async function list(context: Context, options: PageOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/tokens', { params: { query }, signal }),
  );
  const lines = page.items.map(({ id, name, scope, memberName, householdName, ...times }) => [
    ...[id, name, scope, memberName ?? '–', householdName ?? '–'],
    ...[when(times.lastUsedAt), when(times.expiresAt)],
  ]);
  const header = ['ID', 'NAME', 'SCOPE', 'OF', 'HOUSEHOLD', 'LAST USED', 'UNTIL'];
  const text = lines.length === 0 ? 'No token.' : table(header, lines) + more(page.nextCursor);
  context.output.result(page, text);
  return EXIT.ok;
}

async function revoke(context: Context, which: string): Promise<ExitCode> {
  const id = nameIn(which, '`rootcellar token list` shows the ids.');
  const service = await context.signedIn();
  await service.call(async (api, signal) =>
    api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } }, signal }),
  );
  context.output.result({ id, revoked: true }, 'The token works no more.');
  return EXIT.ok;
}

export function scopeIn(text: string): Scope {
  if (text === 'push' || text === 'restore' || text === 'admin') return text;
  throw new ArchiveError('INPUT_INVALID', 'A scope is push, restore or admin.');
}

function daysIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3650) return days;
  throw new ArchiveError('INPUT_INVALID', '--expires is a whole number of days, 1 to 3650.');
}
