import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../error-code.js';
import { isPackageName } from './package-names.js';

/**
 * The files a user means: each file given, and in folders every package by its name, however deep. A file that does not exist and a
 * folder that cannot be read are given back, to be refused by name.
 */
export async function* findPackages(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) {
    const facts = await stat(path).catch(() => undefined);
    if (facts?.isDirectory() === true) yield* packagesBelow(path);
    else yield path;
  }
}

async function* packagesBelow(folder: string): AsyncGenerator<string> {
  const entries = await listed(folder);
  if (entries === undefined) {
    yield folder;
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    // Links are not followed: they may lead in circles.
    if (entry.isDirectory()) yield* packagesBelow(path);
    else if (entry.isFile() && isPackageName(entry.name)) yield path;
  }
}

/** By name; `undefined` when the folder is gone or cannot be read. */
async function listed(folder: string): Promise<Dirent[] | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
