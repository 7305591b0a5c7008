import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { leave, remove, withEnding } from './end-membership.js';
import { findMember } from './find-member.js';
import { more, pageQuery, when, withPage } from './lists.js';
import type { PageOptions } from './lists.js';
import { nameIn } from './names.js';

type Role = 'admin' | 'member' | 'limited';

interface InviteOptions {
  readonly role: string;
  readonly name?: string;
}

interface InvitationsOptions extends PageOptions {
  readonly revoke?: string;
}

export const registerMember: Register = (program, run) => {
  const member = program.command('member').description('the people of the household');
  withPage(member.command('list').description('list them, with sizes and the last backup')).action(
    run(list),
  );
  member
    .command('invite')
    .description('make a link that lets one person in, within 7 days')
    .option('--role <role>', 'admin, member or limited (a child)', 'member')
    .option('--name <name>', 'for whom')
    .action(run(invite));
  withPage(member.command('invitations').description('list open invitations, or take one back'))
    .option('--revoke <id>', 'take this one back')
    .action(run(invitations));
  member
    .command('rename <member> <name>')
    .description('call somebody something else')
    .action(run(rename));
  member
    .command('role <member> <role>')
    .description('make somebody an admin, a member, or limited (a child)')
    .action(run(setRole));
  withEnding(
    member.command('remove <member>').description('end a membership'),
    "the member's name",
  ).action(run(remove));
  withEnding(
    member.command('leave').description('leave the household yourself'),
    "the household's name",
  ).action(run(leave));
};

async function list(context: Context, options: PageOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/members', { params: { query }, signal }),
  );
  const lines = page.items.map(({ id, name, role, leavingUntil, handOverTo, ...sizes }) => [
    ...[id, name],
    leavingUntil === null
      ? `${role}${handOverTo === null ? '' : ', asked to hand over'}`
      : `reads until ${when(leavingUntil)}`,
    when(sizes.lastBackupAt),
    sizes.logicalBytes === null ? '–' : formatBytes(sizes.logicalBytes),
  ]);
  const header = ['ID', 'NAME', 'ROLE', 'LAST BACKUP', 'FILES'];
  context.output.result(page, table(header, lines) + more(page.nextCursor));
  return EXIT.ok;
}

async function invite(context: Context, { role, name }: InviteOptions): Promise<ExitCode> {
  const body = { role: roleIn(role), ...(name === undefined ? {} : { name }) };
  const service = await context.signedIn();
  const invited = await service.call(async (api, signal) =>
    api.POST('/api/v1/invitations', { body, signal }),
  );
  context.output.note(
    `Whoever opens this first comes in; it works once, until ${when(invited.expiresAt)}.`,
  );
  context.output.result(invited, invited.link);
  return EXIT.ok;
}

async function invitations(context: Context, options: InvitationsOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  if (options.revoke !== undefined) {
    const id = nameIn(options.revoke, '`rootcellar member invitations` shows the ids.');
    await service.call(async (api, signal) =>
      api.DELETE('/api/v1/invitations/{id}', { params: { path: { id } }, signal }),
    );
    context.output.result({ id, revoked: true }, 'The invitation works no more.');
    return EXIT.ok;
  }
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/invitations', { params: { query }, signal }),
  );
  const lines = page.items.map(({ id, name, role, invitedBy, expiresAt }) => [
    ...[id, name ?? '–', role, invitedBy, when(expiresAt)],
  ]);
  const text =
    lines.length === 0
      ? 'No open invitation.'
      : table(['ID', 'FOR', 'ROLE', 'BY', 'UNTIL'], lines) + more(page.nextCursor);
  context.output.result(page, text);
  return EXIT.ok;
}

async function rename(context: Context, which: string, name: string): Promise<ExitCode> {
  const id = await change(context, which, { name });
  context.output.result({ id, name }, `Called ${name} from now on.`);
  return EXIT.ok;
}

async function setRole(context: Context, which: string, text: string): Promise<ExitCode> {
  const role = roleIn(text);
  const id = await change(context, which, { role });
  context.output.result({ id, role }, `The role is ${role} from now on.`);
  return EXIT.ok;
}

async function change(
  context: Context,
  which: string,
  body: { readonly name?: string; readonly role?: Role },
): Promise<string> {
  const service = await context.signedIn();
  const { id } = await findMember(service, which);
  await service.call(async (api, signal) =>
    api.PATCH('/api/v1/members/{id}', { params: { path: { id } }, body, signal }),
  );
  return id;
}

function roleIn(text: string): Role {
  if (text === 'admin' || text === 'member' || text === 'limited') return text;
  throw new ArchiveError('INPUT_INVALID', 'A role is admin, member or limited.');
}
