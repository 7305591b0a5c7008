import { isArchiveError } from '@rootcellar/model';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { ask, readSecret } from '../read-secret.js';
import { keepSignIn, sameName, whoIs } from '../sign-in/keep-sign-in.js';
import type { Register } from './command.js';

interface JoinOptions {
  readonly invitationFile?: string;
  readonly name?: string;
  readonly email?: string;
  readonly passwordFile?: string;
}

export const registerJoin: Register = (program, run) => {
  program
    .command('join')
    .description('come into a household with an invitation; signs this computer in')
    .option(
      '--invitation-file <file>',
      'file with the link or its token (`-`: standard input); asked for without it',
    )
    .option('--name <name>', 'your name')
    .option(
      '--email <address>',
      'your e-mail address, to sign in with; without it, who is signed in here joins',
    )
    .option(
      '--password-file <file>',
      'file with the new password (`-`: standard input); asked for without it',
    )
    .action(run(join));
};

async function join(context: Context, options: JoinOptions): Promise<ExitCode> {
  const invitation = await readSecret(context, {
    file: options.invitationFile,
    prompt: 'Invitation (the link)',
    option: '--invitation-file <file>',
  });
  const { address, token } = readInvitation(invitation);
  const server = await context.server(address);
  const signedIn = await signInHere(context, server, options.email);
  return signedIn === undefined
    ? accept(context, { ...options, server, token })
    : joinWith(context, { server, token, signedIn });
}

/** The link, or what stands behind its `#`. A link says where the service is. */
function readInvitation(text: string): { readonly address?: string; readonly token: string } {
  const [before = '', token] = text.trim().split('#');
  if (token === undefined) return { token: before };
  return URL.canParse(before) ? { address: new URL(before).origin, token } : { token };
}

/** The token of this computer's sign-in, if it is that of the person who comes. */
async function signInHere(
  context: Context,
  server: string,
  email: string | undefined,
): Promise<string | undefined> {
  const stored = await context.profiles.read(context.profileName);
  if (stored?.server !== server) return undefined;
  try {
    const me = await whoIs(context.connect(server, { token: stored.token }));
    return email === undefined || sameName(me.email, email.trim()) ? stored.token : undefined;
  } catch (error) {
    if (isArchiveError(error, 'NOT_SIGNED_IN')) return undefined;
    throw error;
  }
}

async function joinWith(
  context: Context,
  wanted: { readonly server: string; readonly token: string; readonly signedIn: string },
): Promise<ExitCode> {
  const { server, token, signedIn } = wanted;
  const joined = await context
    .connect(server, { token: signedIn })
    .call(async (api, signal) => api.POST('/api/v1/invitations/join', { body: { token }, signal }));
  const me = await keepSignIn(context, { server, token: signedIn });
  const here =
    me.householdId === joined.householdId
      ? 'This computer is signed in to it.'
      : `This computer stays with ${me.householdName ?? 'none'}; change with \`rootcellar household use\`.`;
  const text = `You belong to ${joined.householdName} now. ${here}`;
  context.output.result({ ...joined, server }, text);
  return EXIT.ok;
}

async function accept(
  context: Context,
  options: JoinOptions & { readonly server: string; readonly token: string },
): Promise<ExitCode> {
  const { server, token } = options;
  const service = context.connect(server);
  const look = await service.call(async (api, signal) =>
    api.POST('/api/v1/invitations/look', { body: { token }, signal }),
  );
  context.output.note(`${look.invitedBy} invites you to ${look.householdName}, as ${look.role}.`);
  const name =
    options.name ?? (await ask(context, { prompt: 'Your name', option: '--name <name>' }));
  const email =
    options.email ??
    (await ask(context, { prompt: 'E-mail address', option: '--email <address>' }));
  const password = await readSecret(context, {
    file: options.passwordFile,
    prompt: 'New password',
    option: '--password-file <file>',
  });
  const { computerName } = context;
  const body = { token, name, email: email.trim(), password, computerName };
  const accepted = await service.call(async (api, signal) =>
    api.POST('/api/v1/invitations/accept', { body, signal }),
  );
  const me = await keepSignIn(context, { server, token: accepted.token ?? '' });
  const { memberId, householdId, householdName } = me;
  context.output.result(
    { memberId, householdId, householdName, server },
    `Welcome to ${householdName ?? ''}, ${me.name}: this computer is signed in.`,
  );
  return EXIT.ok;
}
