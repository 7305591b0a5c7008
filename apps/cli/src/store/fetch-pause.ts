import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';

/** The store blocks who asks too often (design of majd/ipatool #370): a person's pace, whoever calls. */
const PAUSE_MS = 60_000;

/**
 * Waits for nobody: says that it is too soon, or notes that it is done now. On disk before the store is asked, so that also a
 * script in a loop keeps the pace.
 * @throws ArchiveError STORE_TOO_SOON
 */
export async function takeTurn(configFolder: string, clock: Clock): Promise<void> {
  const path = join(configFolder, 'store.json');
  const now = clock.now().getTime();
  const wait = (await lastTurn(path)) + PAUSE_MS - now;
  // Further off than a pause: the clock was set back.
  if (wait > 0 && wait <= PAUSE_MS) {
    const seconds = Math.ceil(wait / 1000);
    throw new ArchiveError(
      'STORE_TOO_SOON',
      `A version was fetched a moment ago; the next may be in ${String(seconds)} s. Nothing was asked for.`,
      {
        details: { retryAfterSeconds: seconds },
        hint: 'The store blocks Apple IDs that fetch too much at a time.',
      },
    );
  }
  await mkdir(configFolder, { recursive: true, mode: 0o700 });
  const staged = `${path}.${String(process.pid)}`;
  await writeFile(staged, `${JSON.stringify({ version: 1, lastAt: now })}\n`, { mode: 0o600 });
  await rename(staged, path);
}

/** Milliseconds since 1970; long ago when nobody knows. */
async function lastTurn(path: string): Promise<number> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as { readonly lastAt?: unknown } | null;
    return typeof value?.lastAt === 'number' ? value.lastAt : 0;
  } catch {
    return 0;
  }
}
