import { describe, expect, it } from '@jest/globals';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '../testing/temp-folder.js';
import { findPackages } from './find-packages.js';

async function found(...paths: string[]): Promise<string[]> {
  const all: string[] = [];
  for await (const path of findPackages(paths)) all.push(path);
  return all;
}

describe('the packages a user means', () => {
  it('are the files that are named, whatever they are, and those that do not exist', async () => {
    await using temp = await tempFolder();
    const apk = join(temp.path, 'app.apk');
    await writeFile(apk, '');

    expect(await found(apk, join(temp.path, 'none.ipa'))).toEqual([
      apk,
      join(temp.path, 'none.ipa'),
    ]);
  });

  it('are all packages in a folder by their names, however deep, in order', async () => {
    await using temp = await tempFolder();
    await mkdir(join(temp.path, 'b', 'c'), { recursive: true });
    await mkdir(join(temp.path, 'folder.ipa'));
    for (const name of ['z.ipa', 'A.IPA', 'b/c/deep.ipa', 'b/notes.txt', 'x.apk', '._z.ipa'])
      await writeFile(join(temp.path, name), '');

    const names = (await found(temp.path)).map((path) => path.slice(temp.path.length + 1));

    expect(names).toEqual(['A.IPA', 'b/c/deep.ipa', 'x.apk', 'z.ipa']);
  });

  it('are not looked for behind links, which may lead in circles', async () => {
    await using temp = await tempFolder();
    await writeFile(join(temp.path, 'a.ipa'), '');
    await symlink('.', join(temp.path, 'circle'));

    expect(await found(temp.path)).toEqual([join(temp.path, 'a.ipa')]);
  });

  it('are given back by the name of their folder when that cannot be read', async () => {
    await using temp = await tempFolder();
    await writeFile(join(temp.path, 'a.ipa'), '');
    await mkdir(join(temp.path, 'b'));
    const search = findPackages([temp.path]);
    await search.next();

    await rm(join(temp.path, 'b'), { recursive: true });

    expect(await search.next()).toEqual({ done: false, value: join(temp.path, 'b') });
  });
});
