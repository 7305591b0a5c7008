import { createReadStream } from 'node:fs';
import { ArchiveError } from '@rootcellar/model';
import type { Context } from './context.js';

/** As much as the service takes. */
const MAX_BYTES = 256 * 1024;

/**
 * What a JSON file says, or standard input (`-`).
 * @throws ArchiveError INPUT_INVALID (no such file), RETENTION_POLICY_INVALID (no JSON: where, and what is there)
 */
export async function readPolicyFile(context: Context, file: string): Promise<unknown> {
  const text = await readText(context, file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ArchiveError(
      'RETENTION_POLICY_INVALID',
      `${file === '-' ? 'Standard input' : 'The file'} is not JSON: ${whereBroken(text)}. Nothing was changed.`,
      { cause, hint: 'JSON has no comments, and no comma before a closing bracket.' },
    );
  }
}

async function readText(context: Context, file: string): Promise<string> {
  const stream = file === '-' ? context.world.stdin : createReadStream(file);
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of stream as AsyncIterable<Buffer | string>) {
      pieces.push(Buffer.from(piece));
      length += pieces.at(-1)?.length ?? 0;
      if (length > MAX_BYTES) break;
    }
  } catch (cause) {
    throw new ArchiveError('INPUT_INVALID', 'The file with the policy cannot be read.', {
      cause,
      hint: `Looked for ${file}.`,
    });
  }
  if (length > MAX_BYTES) {
    throw new ArchiveError(
      'RETENTION_POLICY_INVALID',
      'The policy is larger than 256 KiB. Nothing was changed.',
    );
  }
  // Editors on Windows write a byte order mark.
  return Buffer.concat(pieces)
    .toString()
    .replace(/^\ufeff/, '');
}

/** `line 3, column 5, at "}"` */
function whereBroken(text: string): string {
  // The shortest beginning that nothing could be added to. V8 does not always say where it stopped.
  let [whole, broken] = [0, text.length + 1];
  while (broken - whole > 1) {
    const middle = Math.floor((whole + broken) / 2);
    if (couldGoOn(text.slice(0, middle))) whole = middle;
    else broken = middle;
  }
  if (whole >= text.length) return 'it ends too early';
  const lines = text.slice(0, whole).split('\n');
  const column = (lines.at(-1)?.length ?? 0) + 1;
  const [found = ''] = /^(\S{1,10}|\s)/.exec(text.slice(whole)) ?? [];
  return `line ${String(lines.length)}, column ${String(column)}, at ${JSON.stringify(found)}`;
}

/** Whether it is the beginning of some JSON. */
function couldGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const { message } = error as SyntaxError;
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    return position === undefined
      ? message.includes('end of JSON')
      : Number(position) >= beginning.length;
  }
}
