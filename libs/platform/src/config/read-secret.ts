import { open, stat } from 'node:fs/promises';
import { ArchiveError } from '@rootcellar/model';

/** A bundle of all public authorities has a quarter of this. */
const MAX_BYTES = 1024 * 1024;

/**
 * The text of a file that a setting names, without the line's end behind it.
 * @throws ArchiveError CONFIG_INVALID naming the setting and the file, never what is in it
 */
export async function readSecret(path: string, setting: string): Promise<string> {
  const text = await read(path).catch((cause: unknown) => {
    // By its form: Node's errors are of another realm under Jest.
    const told = typeof cause === 'object' && cause !== null && 'code' in cause;
    const code = told ? String(cause.code) : 'unreadable';
    throw unusable(path, setting, `it cannot be read (${code})`);
  });
  if (text === undefined) throw unusable(path, setting, 'it is no file of at most 1 MiB');
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw unusable(path, setting, 'it is empty');
  return secret;
}

async function read(path: string): Promise<string | undefined> {
  // Before opening: the open of a named pipe would wait for ever.
  if (!(await stat(path)).isFile()) return undefined;
  const file = await open(path, 'r');
  try {
    // Not by the size of the file: some secret mounts say 0.
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return bytesRead > MAX_BYTES ? undefined : buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function unusable(path: string, setting: string, why: string): ArchiveError {
  return new ArchiveError(
    'CONFIG_INVALID',
    `${setting} names ${path}, which cannot be used: ${why}. Nothing was started.`,
    { details: { setting, path } },
  );
}
