import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The files a user means: each file given, and in folders every `.ipa`, however deep. A file that does not exist is given back, to be
 * refused by name.
 */
export async function* findPackages(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) {
    const facts = await stat(path).catch(() => undefined);
    if (facts?.isDirectory() === true) yield* packagesBelow(path);
    else yield path;
  }
}

async function* packagesBelow(folder: string): AsyncGenerator<string> {
  const names: { name: string; folder: boolean }[] = [];
  for await (const entry of await opendir(folder)) {
    // Links are not followed: they may lead in circles.
    if (entry.isDirectory()) names.push({ name: entry.name, folder: true });
    else if (entry.isFile() && entry.name.toLowerCase().endsWith('.ipa'))
      names.push({ name: entry.name, folder: false });
  }
  names.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, folder: isFolder } of names) {
    if (isFolder) yield* packagesBelow(join(folder, name));
    else yield join(folder, name);
  }
}
