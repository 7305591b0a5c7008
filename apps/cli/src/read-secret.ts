import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ArchiveError } from '@rootcellar/model';
import type { Context } from './context.js';

const SECRET_MAX_BYTES = 4096;

/** What to ask for, and where else it may come from. */
interface Question {
  readonly prompt: string;
  /** The option that gives it without a terminal. */
  readonly option: string;
}

/**
 * A secret from a file, from standard input (`-`), or typed at a prompt that does not show it; never from an argument.
 * @throws ArchiveError INPUT_INVALID, INTERRUPTED
 */
export async function readSecret(
  context: Context,
  source: Question & { readonly file?: string | undefined },
): Promise<string> {
  if (source.file === '-') return firstLine(await readAll(context.world.stdin));
  if (source.file !== undefined) return firstLine(await readSecretFile(source.file));
  return firstLine(await type(context, source, { hidden: true }));
}

/** @throws ArchiveError INPUT_INVALID where there is nobody to ask, INTERRUPTED */
export async function ask(context: Context, question: Question): Promise<string> {
  return (await type(context, question, { hidden: false })).trim();
}

async function type(
  context: Context,
  { prompt, option }: Question,
  { hidden }: { readonly hidden: boolean },
): Promise<string> {
  const { stdin, stderr, signal } = context.world;
  if (stdin.isTTY !== true) throw nobodyToAsk(prompt, option);
  if (hidden) stderr.write(`${prompt}: `);
  const output = hidden ? nowhere() : stderr;
  const reader = createInterface({ input: stdin, output, terminal: true, historySize: 0 });
  try {
    return await reader.question(hidden ? '' : `${prompt}: `, { signal });
  } catch (cause) {
    // Ctrl-C, Ctrl-D, or the signal: the terminal is in raw mode, so the first two come as keys.
    if (!hidden) stderr.write('\n');
    throw new ArchiveError('INTERRUPTED', 'Interrupted; nothing was changed.', { cause });
  } finally {
    reader.close();
    if (hidden) stderr.write('\n');
  }
}

/** What is typed is echoed here. */
function nowhere(): Writable {
  return new Writable({ write: (_piece, _encoding, done) => done() });
}

async function readSecretFile(path: string): Promise<string> {
  try {
    // May be a pipe: `--password-file <(pass show rootcellar)`.
    return await readAll(createReadStream(path));
  } catch (cause) {
    throw new ArchiveError('INPUT_INVALID', 'The file with the secret cannot be read.', {
      cause,
      hint: `Looked for ${path}.`,
    });
  }
}

/** A little more than a secret may be long: what is too long must not be cut to fit. */
async function readAll(stream: AsyncIterable<Buffer | string>): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    const bytes = Buffer.from(piece);
    pieces.push(bytes);
    length += bytes.length;
    if (length > SECRET_MAX_BYTES) break;
  }
  return Buffer.concat(pieces).toString();
}

function firstLine(text: string): string {
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line === '' || Buffer.byteLength(text) > SECRET_MAX_BYTES) {
    throw new ArchiveError('INPUT_INVALID', 'The secret is empty or far too long.');
  }
  return line;
}

function nobodyToAsk(prompt: string, option: string): ArchiveError {
  return new ArchiveError(
    'INPUT_INVALID',
    `${prompt} is needed, and there is no terminal to ask at.`,
    { hint: `Give it with \`${option}\`.` },
  );
}
