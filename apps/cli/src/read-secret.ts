import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { ArchiveError } from '@rootcellar/model';
import type { Context } from './context.js';

const SECRET_MAX_BYTES = 4096;

/**
 * A secret from a file, from standard input (`-`), or typed at a prompt that does not show it; never from an argument.
 * @throws ArchiveError INPUT_INVALID
 */
export async function readSecret(
  context: Context,
  source: { readonly file?: string | undefined; readonly prompt: string },
): Promise<string> {
  if (source.file === '-') return firstLine(await readAll(context));
  if (source.file !== undefined) return firstLine(await readSecretFile(source.file));
  return askHidden(context, source.prompt);
}

/** @throws ArchiveError INPUT_INVALID where there is nobody to ask */
export async function ask(context: Context, prompt: string): Promise<string> {
  const { stdin, stderr } = context.world;
  if (stdin.isTTY !== true) throw nobodyToAsk(prompt);
  const reader = createInterface({ input: stdin, output: stderr });
  try {
    return (await reader.question(`${prompt}: `, { signal: context.world.signal })).trim();
  } finally {
    reader.close();
  }
}

async function askHidden(context: Context, prompt: string): Promise<string> {
  const { stdin, stderr } = context.world;
  if (stdin.isTTY !== true || !('setRawMode' in stdin)) throw nobodyToAsk(prompt);
  stderr.write(`${prompt}: `);
  const terminal = stdin as NodeJS.ReadStream;
  terminal.setRawMode(true);
  try {
    return await typedLine(terminal);
  } finally {
    terminal.setRawMode(false);
    terminal.pause();
    stderr.write('\n');
  }
}

async function typedLine(terminal: NodeJS.ReadStream): Promise<string> {
  let typed = '';
  for await (const piece of terminal) {
    for (const key of String(piece)) {
      if (key === '\r' || key === '\n' || key === '\u0004') return typed;
      if (key === '\u0003') throw new ArchiveError('INTERRUPTED', 'Interrupted.');
      typed = key === '\u007f' || key === '\b' ? typed.slice(0, -1) : typed + key;
    }
  }
  return typed;
}

async function readSecretFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ArchiveError('INPUT_INVALID', 'The file with the secret cannot be read.', {
      cause,
      hint: `Looked for ${path}.`,
    });
  }
}

async function readAll(context: Context): Promise<string> {
  let text = '';
  for await (const piece of context.world.stdin) {
    text += String(piece);
    if (text.length > SECRET_MAX_BYTES) break;
  }
  return text;
}

function firstLine(text: string): string {
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line === '' || text.length > SECRET_MAX_BYTES) {
    throw new ArchiveError('INPUT_INVALID', 'The secret is empty or far too long.');
  }
  return line;
}

function nobodyToAsk(prompt: string): ArchiveError {
  return new ArchiveError(
    'INPUT_INVALID',
    `${prompt} is needed, and there is no terminal to ask at.`,
    {
      hint: 'Give it in a file: see --help.',
    },
  );
}
