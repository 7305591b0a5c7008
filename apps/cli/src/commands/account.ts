import { ArchiveError } from '@rootcellar/model';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { ask, readSecret } from '../read-secret.js';
import { signInByDeviceCode } from '../sign-in/by-device-code.js';
import { keepSignIn, whoIs } from '../sign-in/keep-sign-in.js';
import type { Register } from './command.js';

interface SetupOptions {
  readonly setupTokenFile: string;
  readonly household: string;
  readonly name: string;
  readonly email: string;
  readonly passwordFile?: string;
  readonly timeZone?: string;
}

interface LoginOptions {
  readonly email?: string;
  readonly passwordFile?: string;
  readonly codeFile?: string;
  readonly tokenFile?: string;
  readonly household?: string;
}

interface PasswordOptions {
  readonly currentFile?: string;
  readonly passwordFile?: string;
}

export const registerAccount: Register = (program, run) => {
  program
    .command('setup')
    .description('create the first administrator and the household; signs this computer in')
    .requiredOption(
      '--setup-token-file <file>',
      'the file `setup-token` in the data folder of the service',
    )
    .requiredOption('--household <name>', "the household's name")
    .requiredOption('--name <name>', 'your name')
    .requiredOption('--email <address>', 'your e-mail address, to sign in with')
    .option(
      '--password-file <file>',
      'file with the password (`-`: standard input); asked for without it',
    )
    .option(
      '--time-zone <zone>',
      "the household's time zone, for example Europe/Berlin; this computer's without it",
    )
    .action(run(setUp));
  program
    .command('login')
    .description(
      'sign this computer in: with a code you approve in a browser, or with a password or token',
    )
    .option('--email <address>', 'your e-mail address, to sign in with a password')
    .option(
      '--password-file <file>',
      'file with the password (`-`: standard input); asked for without it',
    )
    .option(
      '--code-file <file>',
      'file with the code of the authenticator app or a recovery code, where one is needed; asked for without it',
    )
    .option('--token-file <file>', 'file with a token (`-`: standard input)')
    .option('--household <household>', 'id or name, if you belong to several')
    .action(run(logIn));
  program
    .command('password')
    .description('change your password; other browsers and computers are signed out')
    .option('--current-file <file>', 'file with the current password; asked for without it')
    .option(
      '--password-file <file>',
      'file with the new password (`-`: standard input); asked for without it',
    )
    .action(run(changePassword));
  program
    .command('whoami')
    .description('show who is signed in on this computer')
    .action(run(whoAmI));
  program.command('logout').description('sign this computer out').action(run(logOut));
};

async function setUp(context: Context, options: SetupOptions): Promise<ExitCode> {
  const server = await context.server();
  const setupToken = await readSecret(context, {
    file: options.setupTokenFile,
    prompt: 'Set-up token',
    option: '--setup-token-file <file>',
  });
  const password = await readSecret(context, {
    file: options.passwordFile,
    prompt: 'New password',
    option: '--password-file <file>',
  });
  const timeZone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { household, name, email } = options;
  const done = await context.connect(server).call(async (api, signal) =>
    api.POST('/api/v1/setup', {
      signal,
      body: {
        setupToken,
        household,
        name,
        email,
        password,
        timeZone,
        computerName: context.computerName,
      },
    }),
  );
  const { memberId, householdId } = done;
  const token = toldToken(done.token);
  await context.profiles.write(context.profileName, { server, token, memberId, householdId });
  context.output.result(
    { memberId, householdId, server },
    `${household} is set up, and this computer is signed in.`,
  );
  return EXIT.ok;
}

async function logIn(context: Context, options: LoginOptions): Promise<ExitCode> {
  const server = await context.server();
  const token = await newSignIn(context, server, options);
  const me = await keepSignIn(context, { server, token, household: options.household });
  const { memberId, householdId } = me;
  context.output.result(
    { memberId, householdId, server },
    `Signed in as ${me.name} (${me.householdName ?? 'no household'}).`,
  );
  return EXIT.ok;
}

/** @returns its token */
async function newSignIn(context: Context, server: string, options: LoginOptions): Promise<string> {
  const { email, passwordFile, tokenFile: file } = options;
  if (file !== undefined)
    return readSecret(context, { file, prompt: 'Token', option: '--token-file <file>' });
  if (email === undefined && passwordFile === undefined) return signInByDeviceCode(context, server);
  return signInByPassword(context, server, options);
}

async function signInByPassword(
  context: Context,
  server: string,
  options: LoginOptions,
): Promise<string> {
  const email =
    options.email ??
    (await ask(context, { prompt: 'E-mail address', option: '--email <address>' }));
  const password = await readSecret(context, {
    file: options.passwordFile,
    prompt: 'Password',
    option: '--password-file <file>',
  });
  return tokenOf(context, { server, email, password, codeFile: options.codeFile });
}

/** The second step comes only where it is needed, so that nobody is asked for a code in vain. */
async function tokenOf(
  context: Context,
  {
    server,
    codeFile,
    ...body
  }: {
    readonly server: string;
    readonly email: string;
    readonly password: string;
    readonly codeFile: string | undefined;
  },
): Promise<string> {
  const { computerName } = context;
  const service = context.connect(server);
  const first = await service.call(async (api, signal) =>
    api.POST('/api/v1/sessions', { signal, body: { ...body, computerName } }),
  );
  if (first.status === 'signed-in') return toldToken(first.token);
  const { challenge = '' } = first;
  const code = await readSecret(context, {
    file: codeFile,
    prompt: 'Code of the authenticator app, or a recovery code',
    option: '--code-file <file>',
  });
  // Six digits come from the app; recovery codes are longer.
  const given = /^\d{3}\s?\d{3}$/.test(code.trim()) ? { totp: code } : { recoveryCode: code };
  const second = await service.call(async (api, signal) =>
    api.POST('/api/v1/sessions/second-factor', {
      signal,
      body: { challenge, ...given, computerName },
    }),
  );
  return toldToken(second.token);
}

/** A command asks for a token, and gets one. */
function toldToken(token: string | null | undefined): string {
  if (typeof token === 'string') return token;
  throw new ArchiveError('PROTOCOL_BROKEN', 'The service told no token. Nobody is signed in here.');
}

async function changePassword(context: Context, options: PasswordOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const current = await readSecret(context, {
    file: options.currentFile,
    prompt: 'Current password',
    option: '--current-file <file>',
  });
  const password = await readSecret(context, {
    file: options.passwordFile,
    prompt: 'New password',
    option: '--password-file <file>',
  });
  await service.call(async (api, signal) =>
    api.PUT('/api/v1/me/password', { signal, body: { current, password } }),
  );
  context.output.result(
    { changed: true },
    'The password is changed. Other browsers and computers are signed out, but for tokens that may only push.',
  );
  return EXIT.ok;
}

async function whoAmI(context: Context): Promise<ExitCode> {
  const service = await context.signedIn();
  const me = await whoIs(service);
  const { server } = await context.profile();
  const place =
    me.role === null || me.householdName === null
      ? 'of no household'
      : `${me.role} of ${me.householdName}`;
  context.output.result({ ...me, server }, `${me.name} <${me.email}>, ${place}, at ${server}`);
  return EXIT.ok;
}

/** The sign-in is gone from this computer even when the service cannot be told. */
async function logOut(context: Context): Promise<ExitCode> {
  const service = await context.signedIn();
  try {
    await service.call(async (api, signal) => api.DELETE('/api/v1/sessions/current', { signal }));
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    context.output.note(
      'The service could not be told; the sign-in is removed from this computer.',
    );
  }
  await context.profiles.remove(context.profileName);
  context.output.result({ signedOut: true }, 'Signed out.');
  return EXIT.ok;
}
