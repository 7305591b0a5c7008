import { ArchiveError } from '@rootcellar/model';

/** The last words of `ipatool --format json`: one JSON object a line (zerolog; cmd/download.go and cmd/root.go of majd/ipatool). */
export interface IpatoolAnswer {
  readonly success: boolean;
  readonly output: string | undefined;
  readonly purchased: boolean;
  readonly error: string | undefined;
}

/** The line that says how it ended; `undefined` when there is none. Lines that are no JSON are somebody's chatter. */
export function readIpatoolAnswer(stdout: string): IpatoolAnswer | undefined {
  for (const line of stdout.split('\n').reverse()) {
    const value = object(line);
    if (value === undefined || typeof value['success'] !== 'boolean') continue;
    return {
      success: value['success'],
      output: typeof value['output'] === 'string' ? value['output'] : undefined,
      purchased: value['purchased'] === true,
      error: typeof value['error'] === 'string' ? value['error'] : undefined,
    };
  }
  return undefined;
}

/** What ipatool says (pkg/appstore), and what it means. The first that fits. */
const MEANINGS: readonly (readonly [RegExp, () => ArchiveError])[] = [
  [
    /keychain passphrase is required/i,
    () =>
      notSignedIn(
        'ipatool keeps its sign-in in a file with a passphrase, which it can only ask for in a terminal. Nothing was fetched.',
        'Let ipatool use the keychain of the system (on Linux a secret service), sign in again with `ipatool auth login`.',
      ),
  ],
  [
    /could not be found in the keyring|failed to get account|keychain/i,
    () => notSignedIn('ipatool is not signed in. Nothing was fetched.'),
  ],
  [
    /password token is expired|password has changed|bad ?login|sign.?in required|2034|2042|1008|-5000/i,
    () => notSignedIn('The sign-in of ipatool has ended. Nothing was fetched.'),
  ],
  [
    /account is disabled/i,
    () => notSignedIn('Apple says that the account is disabled. Nothing was fetched.', ''),
  ],
  [
    /license is required|9610/i,
    () =>
      new ArchiveError(
        'STORE_NO_LICENCE',
        'The Apple ID that ipatool is signed in with has never got this app. Nothing was bought or fetched.',
        {
          hint: 'For a free app, --purchase gets it as the store would; paid apps are bought on a device.',
        },
      ),
  ],
  [
    /only free apps|paid apps|subscription required|price/i,
    () =>
      new ArchiveError(
        'STORE_NO_LICENCE',
        'The app is not free; ipatool does not buy it. Nothing was bought or fetched.',
        {
          hint: 'Buy it on a device with the same Apple ID, then fetch it.',
        },
      ),
  ],
  [
    /app not found|could not find the app|no longer available|does not match the requested|not available/i,
    () =>
      new ArchiveError(
        'STORE_NO_SUCH_VERSION',
        'The store does not offer this app or version to this Apple ID. Nothing was fetched.',
        {
          hint: 'For an app that is not on sale any more, give its number in the store with --item-id.',
        },
      ),
  ],
  [
    /temporarily unavailable|2059|failed to send|request failed|timeout|no such host|connection|EOF/i,
    () =>
      new ArchiveError(
        'STORE_UNAVAILABLE',
        'The store did not answer, or not now. Nothing was fetched.',
        { hint: 'Try again later.' },
      ),
  ],
];

const MAX_WORDS = 200;

/** Its words in ours; no account name of it gets through. */
export function ipatoolFailure(said: string): ArchiveError {
  const known = MEANINGS.find(([words]) => words.test(said));
  if (known !== undefined) return known[1]();
  // It may quote an Apple ID, a path, or an address with a token.
  const words = said.replace(/\S*[@/\\]\S*/g, '…').slice(0, MAX_WORDS);
  return new ArchiveError('STORE_TOOL_FAILED', `ipatool failed: ${words}. Nothing was added.`, {
    hint: 'Run `ipatool auth info` in a terminal, and look for a newer ipatool: Apple changes the store now and then.',
  });
}

function notSignedIn(
  message: string,
  hint = 'Sign in with it in a terminal: `ipatool auth login`. Rootcellar never sees your Apple ID or password.',
): ArchiveError {
  return new ArchiveError('STORE_NOT_SIGNED_IN', message, hint === '' ? {} : { hint });
}

function object(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
