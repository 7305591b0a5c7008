import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ArchiveError } from '@rootcellar/model';
import { errorCode } from '../error-code.js';
import { throwIfStopped } from '../service-error.js';
import type { AppStore, WantedVersion } from './app-store.js';
import { ipatoolFailure, readIpatoolAnswer } from './ipatool-answer.js';
import type { IpatoolAnswer } from './ipatool-answer.js';

export interface IpatoolSettings {
  /** Its path, or its name for the search path. */
  readonly program: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What a program needs to find its files, the keychain and the way out; nothing of ours. */
const ENVIRONMENT: readonly string[] = [
  ...['HOME', 'PATH', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TMPDIR', 'TEMP', 'TMP'],
  ...['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'DISPLAY'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
  ...['SYSTEMROOT', 'SystemRoot', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'COMSPEC', 'PATHEXT'],
];
/** The end of what it prints is what counts. */
const MAX_OUTPUT = 64 * 1024;
const KILL_AFTER_MS = 5_000;

/** The program `ipatool` (github.com/majd/ipatool) of the user, signed in by them: one process for each version. */
export function ipatool(settings: IpatoolSettings): AppStore {
  return {
    fetch: async (wanted, into) => {
      const file = join(into, 'package.ipa');
      const answer = await runIpatool(settings, argumentsFor(wanted, file), into);
      // It says where the file is; that it is where it was told to be is what we go by.
      if (!answer.success) throw ipatoolFailure(answer.error ?? 'it did not say why');
      return { file, purchased: answer.purchased };
    },
  };
}

export function argumentsFor(wanted: WantedVersion, file: string): readonly string[] {
  const { bundleId, itemId, externalVersionId, purchase } = wanted;
  // The number of the app alone, where it is known: a bundle id is looked up in the store, where old apps are not any more.
  const app = itemId === undefined ? ['--bundle-identifier', bundleId] : ['--app-id', itemId];
  return [
    ...['download', ...app, '--external-version-id', externalVersionId, '--output', file],
    ...(purchase ? ['--purchase'] : []),
    ...['--format', 'json', '--non-interactive'],
  ];
}

async function runIpatool(
  { program, env, timeoutMs, signal }: IpatoolSettings,
  args: readonly string[],
  cwd: string,
): Promise<IpatoolAnswer> {
  throwIfStopped(signal);
  const child = spawn(program, args, {
    cwd,
    env: Object.fromEntries(ENVIRONMENT.map((name) => [name, env[name]])),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const ending = { timedOut: false };
  const stop = (): void => endChild(child);
  const timer = setTimeout(() => {
    ending.timedOut = true;
    stop();
  }, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const said = await heard(child);
    throwIfStopped(signal);
    if (ending.timedOut) throw tooSlow();
    const answer = readIpatoolAnswer(said.stdout);
    if (answer?.success === (said.code === 0)) return answer;
    throw ipatoolFailure(said.stderr.trim() || `it ended with ${String(said.code)}`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

async function heard(child: ChildProcess): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      said[stream] = (said[stream] + text).slice(-MAX_OUTPUT);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(error)));
    child.once('close', (code) => resolve({ ...said, code }));
  });
}

/** Politely, then not. */
function endChild(child: ChildProcess): void {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  child.once('close', () => clearTimeout(timer));
}

function notStarted(error: unknown): ArchiveError {
  const code = errorCode(error);
  return new ArchiveError(
    'STORE_TOOL_FAILED',
    code === 'ENOENT'
      ? 'There is no program ipatool here. Nothing was fetched.'
      : `ipatool cannot be started (${String(code)}). Nothing was fetched.`,
    {
      cause: error,
      hint: 'It is at https://github.com/majd/ipatool; --ipatool or ROOTCELLAR_IPATOOL says where yours lies.',
    },
  );
}

function tooSlow(): ArchiveError {
  return new ArchiveError(
    'STORE_UNAVAILABLE',
    'The download took too long and was stopped. Nothing was added.',
    { hint: 'Try again later; --timeout gives it longer.' },
  );
}
