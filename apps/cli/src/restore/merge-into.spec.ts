import { describe, expect, it } from '@jest/globals';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { tempFolder } from '../testing/temp-folder.js';
import { mergeInto } from './merge-into.js';

type Tree = Readonly<Record<string, string>>;

async function write(root: string, files: Tree): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

async function read(root: string): Promise<Tree> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const all = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(root.length + 1), await readFile(path, 'utf8')] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

describe('mergeInto', () => {
  it('puts new files beside those that are there, folder by folder', async () => {
    await using temp = await tempFolder();
    const [staging, target] = [join(temp.path, 'staging'), join(temp.path, 'target')];
    await write(staging, { 'Home/a/new.txt': 'new', 'Camera/1.jpg': 'photo' });
    await write(target, { 'Home/a/old.txt': 'old', 'notes.txt': 'mine' });

    await mergeInto(staging, target);

    expect(await read(target)).toEqual({
      'Home/a/new.txt': 'new',
      'Camera/1.jpg': 'photo',
      'Home/a/old.txt': 'old',
      'notes.txt': 'mine',
    });
  });

  it.each<[string, Tree]>([
    ['a file of the same name', { 'Home/z.txt': 'mine' }],
    ['a file where a folder should be', { Home: 'mine' }],
    ['a folder where a file should be', { 'Home/z.txt/x': 'mine' }],
  ])('moves nothing when %s is in the way', async (_, there) => {
    await using temp = await tempFolder();
    const [staging, target] = [join(temp.path, 'staging'), join(temp.path, 'target')];
    const restored = { 'Camera/1.jpg': 'photo', 'Home/a.txt': 'a', 'Home/z.txt': 'z' };
    await write(staging, restored);
    await write(target, there);

    await expect(mergeInto(staging, target)).rejects.toMatchObject({
      code: 'RESTORE_TARGET_EXISTS',
    });

    expect(await read(target)).toEqual(there);
    expect(await read(staging)).toEqual(restored);
  });

  it('follows no link that lies in the target', async () => {
    await using temp = await tempFolder();
    const [staging, target] = [join(temp.path, 'staging'), join(temp.path, 'target')];
    await write(staging, { 'Home/a.txt': 'a' });
    await write(join(temp.path, 'elsewhere'), {});
    await mkdir(target);
    await symlink(join(temp.path, 'elsewhere'), join(target, 'Home'));

    await expect(mergeInto(staging, target)).rejects.toMatchObject({
      code: 'RESTORE_TARGET_EXISTS',
    });

    expect(await read(join(temp.path, 'elsewhere'))).toEqual({});
  });

  it('either gives both together, or leaves both as they were', async () => {
    const paths = fc.constantFrom('a', 'b', 'a/x', 'a/y', 'b/x', 'a/x/1', 'c/d/e');
    const tree = fc.uniqueArray(paths, { maxLength: 4 }).filter(fits);
    await fc.assert(
      fc.asyncProperty(tree, tree, async (restored, there) => {
        await using temp = await tempFolder();
        const [staging, target] = [join(temp.path, 'staging'), join(temp.path, 'target')];
        const ours = Object.fromEntries(restored.map((path) => [path, 'restored']));
        const theirs = Object.fromEntries(there.map((path) => [path, 'mine']));
        await write(staging, ours);
        await write(target, theirs);
        const free = fits([...restored, ...there]);

        const merged = await mergeInto(staging, target).then(
          () => true,
          () => false,
        );

        expect(merged).toBe(free);
        expect(await read(target)).toEqual(free ? { ...ours, ...theirs } : theirs);
        expect(await read(staging)).toEqual(free ? {} : ours);
      }),
      { numRuns: 60 },
    );
  });
});

/** No path is another one, or leads through it. */
function fits(paths: readonly string[]): boolean {
  return paths.every((one, at) =>
    paths.every((other, where) => at === where || !`${other}/`.startsWith(`${one}/`)),
  );
}
