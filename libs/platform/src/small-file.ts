import { open, stat } from 'node:fs/promises';

/**
 * The text of a small file; undefined when there is none, null when it is no regular file or has more bytes.
 * @throws the file system's own error, but for ENOENT
 */
export async function readSmallFile(
  path: string,
  maxBytes: number,
): Promise<string | undefined | null> {
  try {
    // Before opening: the open of a named pipe would wait for ever.
    return (await stat(path)).isFile() ? await read(path, maxBytes) : null;
  } catch (error) {
    // Gone, or gone between the two: PostgreSQL removes its files when it likes.
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function read(path: string, maxBytes: number): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    // Not by the size of the file: some secret mounts say 0.
    const buffer = Buffer.alloc(maxBytes + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return bytesRead > maxBytes ? null : buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The `code` of an error of Node (`ENOENT`, `ERR_…`). By its form: Node's errors are of another realm under Jest. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
