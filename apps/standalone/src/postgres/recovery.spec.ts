import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { startOther } from '../testing/other-process.js';
import type { OtherProcess } from '../testing/other-process.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { testPostgres } from '../testing/test-postgres.js';
import { readPostmasterPid } from './postmaster-pid.js';
import { commandLine } from './previous-server.js';
import { spawnOptions } from './run-program.js';
import type { SystemUser } from './run-program.js';

/** A process with a server, as the service is one. */
function startOwner(folder: string): OtherProcess {
  return startOther(`
    const server = await room.startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, log, durable: false });
    print('ready');`);
}

/** A program that has nothing to do with us. */
function startForeign(user: SystemUser | undefined): AsyncDisposable & { child: ChildProcess } {
  const options = spawnOptions({ command: '', args: [], cwd: '/', user });
  const child = spawn('/bin/sleep', ['600'], { ...options, stdio: 'ignore' });
  return {
    child,
    [Symbol.asyncDispose]: async () => {
      if (child.kill()) await once(child, 'exit');
    },
  };
}

async function pidOf(folder: string): Promise<number> {
  const left = await readPostmasterPid(folder);
  return left?.pid ?? -1;
}

async function isAlive(pid: number): Promise<boolean> {
  return (await commandLine(pid)).join('') !== '';
}

describe('a start after a kill -9', () => {
  it('stops the server that lived on, and finds all that was committed', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'pg');
    await (await testPostgres(folder)).stop();
    await using owner = startOther(`
      const server = await room.startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, log, durable: false });
      const { Client } = (await import('node:module')).createRequire(${JSON.stringify(import.meta.url)})('pg');
      const client = new Client({ ...server.connection });
      await client.connect();
      await client.query('CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
      print('committed');`);
    expect(await owner.line()).toBe('"committed"');
    const survivor = await pidOf(folder);
    await owner.kill();
    expect(await isAlive(survivor)).toBe(true);

    await using server = await testPostgres(folder);

    expect(await isAlive(survivor)).toBe(false);
    expect(await server.query('SELECT count(*)::int AS count FROM kept')).toEqual([
      { count: 1000 },
    ]);
    expect(server.log.lines[0]).toContain(`process ${survivor}`);
  });

  it('recovers when the server was killed too', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'pg');
    await using owner = startOwner(folder);
    expect(await owner.line()).toBe('"ready"');
    const survivor = await pidOf(folder);
    await owner.kill();
    process.kill(survivor, 'SIGKILL');

    await using server = await testPostgres(folder);

    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('makes the cluster afresh when initdb was cut off', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'pg');
    await using owner = startOwner(folder);
    for (;;) {
      const [name] = await readdir(parent.path);
      if (name !== undefined && (await readdir(join(parent.path, name))).includes('base')) break;
      await sleep(2);
    }
    await owner.kill();
    expect(await readdir(parent.path)).toEqual([expect.stringMatching(/^pg\.new-/)]);

    await using server = await testPostgres(folder);

    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(parent.path)).sort()).toEqual(['pg', 'pg-password', 'pg.log']);
  });

  it('takes the server along when the process ends without stopping it', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'pg');
    await using owner = startOther(`
      await room.startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, log, durable: false });
      print('ready');
      setTimeout(() => { throw new Error('a fault'); }, 50);`);
    expect(await owner.line()).toBe('"ready"');
    const pid = await pidOf(folder);

    while (await isAlive(pid)) await sleep(10);

    await expect(owner.line()).rejects.toThrow('a fault');
    expect(await pidOf(folder)).toBe(-1);
  });
});

describe('a stale postmaster.pid', () => {
  it('never makes us touch the program that bears the number now', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'pg');
    await (await testPostgres(folder)).stop();
    // A program of the same user: PostgreSQL by itself would take it for a server of its own.
    const { uid, gid } = await stat(folder);
    const user = process.getuid?.() === 0 ? { uid, gid } : undefined;
    await using foreign = startForeign(user);
    await writeFile(
      join(folder, 'postmaster.pid'),
      `${foreign.child.pid ?? 0}\n${folder}\n1\n5432\n\n127.0.0.1\n`,
    );

    await using server = await testPostgres(folder);

    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(foreign.child.exitCode ?? foreign.child.signalCode).toBeNull();
  });

  it('is not mistaken for the server of another cluster', async () => {
    await using parent = await temporaryFolder();
    const [folder, other] = [join(parent.path, 'pg'), join(parent.path, 'other')];
    await using running = await testPostgres(other);
    await (await testPostgres(folder)).stop();
    await writeFile(
      join(folder, 'postmaster.pid'),
      await readFile(join(other, 'postmaster.pid'), 'utf8'),
    );

    await using server = await testPostgres(folder);

    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await running.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.each(['', '0\n', '-1\n', 'x\n', '99999999999999\n', '\0'.repeat(5000)])(
    'of another form is PostgreSQL’s to judge (%#)',
    async (text) => {
      await using parent = await temporaryFolder();
      await writeFile(join(parent.path, 'postmaster.pid'), text);

      expect(await readPostmasterPid(parent.path)).toBeUndefined();
    },
  );
});
