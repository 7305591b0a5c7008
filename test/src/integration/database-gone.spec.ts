import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from '@rootcellar/catalog';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

let server: TestServer;
let database: Database;
beforeEach(async () => {
  server = await startTestServer();
  database = await server.open();
});
afterEach(async () => {
  await database.destroy();
  await server[Symbol.asyncDispose]();
});

async function statement(sql: string): Promise<void> {
  await database.query(sql);
}

async function transaction(sql: string): Promise<void> {
  await database.transaction(async (tx) => tx.query<object[]>(sql));
}

async function killServer(): Promise<void> {
  const [pid] = (await readFile(join(server.folder, 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGKILL');
}

/** A backend that was idle goes on answering until it sees that its server is gone. */
async function backendsNoticed(): Promise<void> {
  const answers = async (): Promise<boolean> =>
    statement('select 1').then(
      () => true,
      () => false,
    );
  while (await answers()) await setTimeout(10);
}

describe('a database that is killed', () => {
  it('is told as DATABASE_FAILED by what runs on it and by whatever is asked later', async () => {
    const waiting = [statement('select pg_sleep(60)'), transaction('select pg_sleep(60)')];
    await statement('select 1');

    await killServer();

    const gone = { status: 'rejected', reason: { code: 'DATABASE_FAILED' } };
    expect(await Promise.allSettled(waiting)).toMatchObject([gone, gone]);
    await backendsNoticed();
    const later = [statement('select 1'), transaction('select 1')];
    expect(await Promise.allSettled(later)).toMatchObject([gone, gone]);
  });
});

describe('a connection that breaks between the last statement of a transaction and its COMMIT', () => {
  it('is told as DATABASE_FAILED, and nothing was done', async () => {
    await statement('create table note (text text)');

    const broken = database.transaction(async (tx) => {
      await tx.query("insert into note values ('x')");
      const [backend] = await tx.query<{ pid: number }[]>('select pg_backend_pid() as pid');
      await statement(`select pg_terminate_backend(${String(backend?.pid)})`);
      while (tx.queryRunner?.isReleased === false) await setTimeout(10);
    });

    await expect(broken).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect(await database.query('select * from note')).toEqual([]);
  });

  it('is told so by the next statement, too', async () => {
    const broken = database.transaction(async (tx) => {
      const [backend] = await tx.query<{ pid: number }[]>('select pg_backend_pid() as pid');
      await statement(`select pg_terminate_backend(${String(backend?.pid)})`);
      while (tx.queryRunner?.isReleased === false) await setTimeout(10);
      await tx.query('select 1');
    });

    await expect(broken).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  });
});
