import type { ErrorKind } from './archive-error.js';

/** Codes about what the agent does by itself on a computer: a part of `ERRORS`. */
export const AGENT_ERRORS = {
  // Watching folders
  WATCH_RUNNING: ['conflict', 'Another command on this computer watches the folder already.'],
  WATCH_FOLDER_AWAY: [
    'not-found',
    'The folder that is to be watched is not there or cannot be read. Nothing was changed.',
  ],
  WATCH_OTHER_SIGN_IN: [
    'conflict',
    'The computer was signed in as somebody else while folders were watched. The command ends.',
  ],
  AGENT_NOT_CONFIGURED: [
    'not-found',
    'The agent of this computer was not told which folders to watch.',
  ],
  AGENT_SYSTEM_UNKNOWN: [
    'failed',
    'This system has no way to start the agent by itself that we know.',
  ],

  // Fetching from the store, with a program of the user's
  STORE_OFF: ['failed', 'Fetching from the store is off on this computer. Nothing was asked for.'],
  STORE_TOO_SOON: [
    'too-many',
    'The last version was fetched a moment ago. Nothing was asked for; `details.retryAfterSeconds` says when to try again.',
  ],
  STORE_TOOL_FAILED: [
    'failed',
    'The program that fetches from the store could not be started, or ended in a way we do not know.',
  ],
  STORE_NOT_SIGNED_IN: [
    'forbidden',
    'The program that fetches from the store is not signed in, or its sign-in has ended.',
  ],
  STORE_NO_LICENCE: [
    'forbidden',
    'The Apple ID has never got this app. Nothing was bought or fetched.',
  ],
  STORE_NO_SUCH_VERSION: ['not-found', 'The store does not offer this app or version any more.'],
  STORE_UNAVAILABLE: ['unavailable', 'The store did not answer, or not now. Try again later.'],
  STORE_OTHER_VERSION: [
    'conflict',
    'What arrived is not the version that was asked for. It was not added.',
  ],
} as const satisfies Record<string, readonly [ErrorKind, string]>;
