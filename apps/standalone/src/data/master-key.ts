import { randomBytes } from 'node:crypto';
import { ArchiveError } from '@rootcellar/model';
import { readPrivateFile, writePrivateFile } from '../private-file.js';

const KEY_BYTES = 32;
const FORM = /^[0-9a-f]{64}\r?\n?$/i;

/**
 * The 32 bytes of a master key file: 64 hex digits and a newline (docs/format.md, Keys). Undefined when there is no file.
 * @throws ArchiveError CONFIG_INVALID
 */
export async function readMasterKey(path: string): Promise<Uint8Array | undefined> {
  const text = await readPrivateFile(path);
  if (text === undefined) return undefined;
  if (text !== null && FORM.test(text)) return Buffer.from(text.slice(0, KEY_BYTES * 2), 'hex');
  throw new ArchiveError(
    'CONFIG_INVALID',
    `${path} is no master key: it must hold 64 hex digits and nothing else. It was not changed, and nothing was started.`,
    {
      details: { path },
      hint: 'Put your copy of the master key back. Without the right key nothing in the archive can be read.',
    },
  );
}

/** Makes a new master key; the caller knows that there is none. */
export async function createMasterKey(path: string): Promise<Uint8Array> {
  const key = randomBytes(KEY_BYTES);
  await writePrivateFile(path, `${key.toString('hex')}\n`);
  return key;
}

/** For a key that ought to be there: a new one in its place would open nothing that was stored before. */
export function masterKeyMissing(path: string, hint: string): ArchiveError {
  return new ArchiveError(
    'CONFIG_INVALID',
    `There is no master key at ${path}. None was made there: a new one would open nothing that was stored with the old one.`,
    { details: { path }, hint },
  );
}
