import { formatBytes } from '@rootcellar/model';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { chooseHousehold, keepSignIn, whoIs } from '../sign-in/keep-sign-in.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { more, pageQuery, when, withPage } from './lists.js';
import type { PageOptions } from './lists.js';

interface ListOptions extends PageOptions {
  readonly all?: boolean;
}

interface CreateOptions {
  readonly timeZone?: string;
}

export const registerHousehold: Register = (program, run) => {
  const household = program
    .command('household')
    .description('which household this computer is signed in to; households of the server');
  withPage(household.command('list').description('list the households you belong to'))
    .option('--all', 'every household of the server and what it takes; for its operator')
    .action(run(list));
  household
    .command('use <household>')
    .description("make this computer's sign-in one for another household of yours")
    .addHelpText('after', '\n<household>: id or name')
    .action(run(use));
  household
    .command('create <name>')
    .description(
      'make a further household, and a link for its first administrator; for the operator of the server',
    )
    .option(
      '--time-zone <zone>',
      "its time zone, for example Europe/Berlin; this computer's without it",
    )
    .action(run(create));
  withPage(
    household
      .command('accounts')
      .description('list everybody who signs in at the server; for its operator'),
  ).action(run(accounts));
};

async function list(context: Context, options: ListOptions): Promise<ExitCode> {
  if (options.all === true) return listAll(context, options);
  const me = await whoIs(await context.signedIn());
  const lines = me.households.map(({ householdId, householdName, role, leavingUntil }) => [
    householdId === me.householdId ? '*' : '',
    ...[householdId, householdName],
    leavingUntil === null ? role : `reads until ${when(leavingUntil)}`,
  ]);
  const text =
    lines.length === 0 ? 'You belong to no household.' : table(['', 'ID', 'NAME', 'ROLE'], lines);
  const items = me.households.map((each) => ({
    id: each.householdId,
    ...{ ...each, current: each.householdId === me.householdId },
  }));
  context.output.result({ items, nextCursor: null }, text);
  return EXIT.ok;
}

async function listAll(context: Context, options: PageOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/households', { params: { query }, signal }),
  );
  const lines = page.items.map(({ id, name, members, storedBytes, lastBackupAt }) => [
    ...[id, name, String(members), formatBytes(storedBytes), when(lastBackupAt)],
  ]);
  const header = ['ID', 'NAME', 'MEMBERS', 'STORED', 'LAST BACKUP'];
  context.output.result(page, table(header, lines) + more(page.nextCursor));
  return EXIT.ok;
}

async function use(context: Context, which: string): Promise<ExitCode> {
  const { server, token } = await context.profile();
  const { households } = await whoIs(await context.signedIn());
  const { householdId: household } = chooseHousehold(households, which);
  const me = await keepSignIn(context, { server, token, household });
  const { memberId, householdId, householdName } = me;
  context.output.result(
    { memberId, householdId, householdName, server },
    `This computer is signed in to ${householdName ?? 'none'}.`,
  );
  return EXIT.ok;
}

async function create(context: Context, name: string, options: CreateOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const timeZone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const created = await service.call(async (api, signal) =>
    api.POST('/api/v1/households', { body: { name, timeZone }, signal }),
  );
  context.output.note(
    `${created.name} is there. Its first administrator comes in by this link, once, until ${when(created.expiresAt)}:`,
  );
  context.output.result(created, created.link);
  return EXIT.ok;
}

async function accounts(context: Context, options: PageOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/accounts', { params: { query }, signal }),
  );
  const lines = page.items.map(({ id, name, email, operator, lastUsedAt, households }) => [
    ...[id, name, email, operator ? 'operator' : ''],
    households.map(({ householdName, role }) => `${householdName} (${role})`).join(', '),
    when(lastUsedAt),
  ]);
  const header = ['ID', 'NAME', 'E-MAIL', '', 'HOUSEHOLDS', 'LAST SEEN'];
  context.output.result(page, table(header, lines) + more(page.nextCursor));
  return EXIT.ok;
}
