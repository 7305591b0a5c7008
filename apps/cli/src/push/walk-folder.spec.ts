import { describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { comparePaths } from '@rootcellar/model';
import { tempFolder } from '../testing/temp-folder.js';
import { sight, walkFolder } from './walk-folder.js';

function paths(root: string): string[] {
  return Array.from(walkFolder(root), ({ path }) => path);
}

async function put(root: string, path: string, content = ''): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

describe('walking a backup folder', () => {
  it('gives the folder itself, every file and every folder, empty ones too', async () => {
    await using temp = await tempFolder();
    await put(temp.path, 'Manifest.db', 'abc');
    await put(temp.path, '00/0001');
    await mkdir(join(temp.path, 'ff'));
    await utimes(join(temp.path, 'Manifest.db'), 1_700_000_000, 1_700_000_000);

    const found = [...walkFolder(temp.path)];

    expect(found.map(({ path, type, size }) => [path, type, size])).toEqual([
      ['', 'folder', 0],
      ['00', 'folder', 0],
      ['00/0001', 'file', 0],
      ['Manifest.db', 'file', 3],
      ['ff', 'folder', 0],
    ]);
    expect(found[3]?.mtimeNs).toBe(1_700_000_000_000_000_000n);
  });

  it('keeps the order of paths, whatever the names', async () => {
    const name = fc.constantFrom(
      'a',
      'ab',
      'a b',
      'a-',
      'A',
      'ä',
      '0',
      '\u{1f954}',
      '\uffee',
      '.x',
    );
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    await fc.assert(
      fc.asyncProperty(fc.array(path, { maxLength: 8 }), async (wanted) => {
        await using temp = await tempFolder();
        for (const each of wanted) await mkdir(join(temp.path, each), { recursive: true });

        const walked = paths(temp.path);

        expect(walked).toEqual(walked.toSorted(comparePaths));
        expect(walked).toEqual(expect.arrayContaining(wanted));
      }),
      { numRuns: 30 },
    );
  });

  it('refuses a symbolic link, wherever it leads', async () => {
    for (const target of ['file', '.', '/nowhere']) {
      await using temp = await tempFolder();
      await put(temp.path, 'file');
      await mkdir(join(temp.path, '00'));
      await symlink(target, join(temp.path, '00', 'link'));

      expect(() => paths(temp.path)).toThrow(
        expect.objectContaining({ code: 'BACKUP_PATH_UNSAFE' }),
      );
    }
  });

  it('refuses pipes and sockets, and waits for none', async () => {
    await using temp = await tempFolder();
    const [pipes, sockets] = [join(temp.path, 'pipes'), join(temp.path, 'sockets')];
    await mkdir(pipes);
    await mkdir(sockets);
    execFileSync('mkfifo', [join(pipes, 'pipe')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(sockets, 's'), resolve));

    for (const folder of [pipes, sockets])
      expect(() => paths(folder)).toThrow(expect.objectContaining({ code: 'BACKUP_PATH_UNSAFE' }));

    await new Promise((resolve) => server.close(resolve));
  });

  it('refuses a name that is not UTF-8, which could not be given back', async () => {
    await using temp = await tempFolder();
    const name = Buffer.concat([Buffer.from(`${temp.path}/`), Buffer.from([0x61, 0xff])]);
    await writeFile(name, '');

    expect(() => paths(temp.path)).toThrow(expect.objectContaining({ code: 'BACKUP_PATH_UNSAFE' }));
  });

  it('refuses what lies deeper than a path may be long', async () => {
    await using temp = await tempFolder();
    const name = 'd'.repeat(200);
    // Step by step, since no system call takes the whole path; and taken away the same way.
    const deeper = Array<string>(25).fill(`mkdir ${name} && cd -P ${name}`).join(' && ');
    const made = spawnSync('sh', ['-c', deeper], { cwd: temp.path });

    const walk = (): unknown => paths(temp.path);

    expect(walk).toThrow(expect.objectContaining({ code: 'BACKUP_PATH_UNSAFE' }));
    expect(made.status).toBe(0);
    execFileSync('rm', ['-rf', join(temp.path, name)]);
  });

  it('never puts a name of the backup into an error', async () => {
    await using temp = await tempFolder();
    await symlink('/etc/hostname', join(temp.path, 'private-name'));

    expect(() => paths(temp.path)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('private-name') }),
    );
  });

  it('says that the backup is changing when a folder vanishes on the way', async () => {
    await using temp = await tempFolder();
    await mkdir(join(temp.path, '00'));
    const walk = walkFolder(temp.path);
    walk.next();
    expect(walk.next().value).toMatchObject({ path: '00' });

    await rm(join(temp.path, '00'), { recursive: true });

    expect(() => walk.next()).toThrow(expect.objectContaining({ code: 'BACKUP_CHANGING' }));
    expect(() => sight(temp.path, '00')).toThrow(
      expect.objectContaining({ code: 'BACKUP_CHANGING' }),
    );
  });
});
