import { randomBytes } from 'node:crypto';
import { ArchiveError } from '@rootcellar/model';
import { parseMasterKey } from '@rootcellar/platform';
import { readPrivateFile, writePrivateFile } from '../private-file.js';

const KEY_BYTES = 32;

/** Undefined when there is no file. @throws ArchiveError CONFIG_INVALID */
export async function readMasterKey(path: string): Promise<Uint8Array | undefined> {
  const text = await readPrivateFile(path);
  return text === undefined ? undefined : parseMasterKey(text, path);
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
