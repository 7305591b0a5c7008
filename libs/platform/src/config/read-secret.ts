import { ArchiveError } from '@rootcellar/model';
import { errorCode, readSmallFile } from '../small-file.js';

/** A bundle of all public authorities has a quarter of this. */
const MAX_BYTES = 1024 * 1024;

/**
 * The text of a file that a setting names, without the line's end behind it.
 * @throws ArchiveError CONFIG_INVALID naming the setting and the file, never what is in it
 */
export async function readSecret(path: string, setting: string): Promise<string> {
  const text = await readSmallFile(path, MAX_BYTES).catch((cause: unknown) => {
    throw unusable(path, setting, `it cannot be read (${errorCode(cause) ?? 'unreadable'})`);
  });
  if (text === undefined) throw unusable(path, setting, 'it cannot be read (ENOENT)');
  if (text === null) throw unusable(path, setting, 'it is no file of at most 1 MiB');
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw unusable(path, setting, 'it is empty');
  return secret;
}

function unusable(path: string, setting: string, why: string): ArchiveError {
  return new ArchiveError(
    'CONFIG_INVALID',
    `${setting} names ${path}, which cannot be used: ${why}. Nothing was started.`,
    { details: { setting, path } },
  );
}
