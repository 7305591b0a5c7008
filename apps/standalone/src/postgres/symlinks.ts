import { chmod, lstat, readFile, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isSafeRelativePath } from '@rootcellar/model';
import { errorCode } from '@rootcellar/platform';
import { databaseFailed } from './database-failed.js';

interface Link {
  readonly source: string;
  readonly target: string;
}

const PROGRAMS = ['initdb', 'pg_ctl', 'postgres'];
const EXECUTABLE = 0o111;

/**
 * Makes what npm packages cannot carry: the symbolic links of the libraries, listed in `pg-symlinks.json` beside them, and
 * where it got lost the right to execute. The package has an install script for the links; we run no install scripts
 * (docs/adr/0003). False when this user may not change the folder and something is missing.
 * @throws ArchiveError DATABASE_FAILED
 */
export async function completePrograms(native: string): Promise<boolean> {
  if (process.platform === 'win32') return true;
  try {
    for (const { source, target } of await listedLinks(native)) {
      const path = join(native, target);
      if (!(await isThere(path))) await link(relative(dirname(target), source), path);
    }
    for (const name of PROGRAMS) {
      const path = join(native, 'bin', name);
      const { mode } = await stat(path);
      if ((mode & EXECUTABLE) !== EXECUTABLE) await chmod(path, mode | EXECUTABLE);
    }
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return false;
    throw error;
  }
}

/** Paths in the file begin with `native/`; the links lead from `target` to `source`. */
async function listedLinks(native: string): Promise<Link[]> {
  const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(list)) throw broken(native);
  return list.map((entry: unknown) => {
    const { source, target } = (entry ?? {}) as Partial<Record<keyof Link, unknown>>;
    return { source: inside(native, source), target: inside(native, target) };
  });
}

function inside(native: string, path: unknown): string {
  const within = typeof path === 'string' ? /^native\/(.+)$/.exec(path)?.[1] : undefined;
  if (within === undefined || !isSafeRelativePath(within)) throw broken(native);
  return within;
}

function broken(native: string): Error {
  return databaseFailed(`${join(native, 'pg-symlinks.json')} does not have the form we know.`, {
    hint: 'Install the dependencies afresh: npm ci',
  });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function link(to: string, path: string): Promise<void> {
  try {
    await symlink(to, path);
  } catch (error) {
    // Another process that starts at the same time was quicker.
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
