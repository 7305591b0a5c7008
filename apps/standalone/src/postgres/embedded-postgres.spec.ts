const log = keepingLog();
import { chmod, cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { keepingLog } from '../testing/keeping-log.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { testPostgres } from '../testing/test-postgres.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { readPostmasterPid } from './postmaster-pid.js';

describe('an embedded PostgreSQL', () => {
  it('keeps its data and its password from one start to the next', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'postgres');
    const first = await testPostgres(folder);
    await first.query('CREATE TABLE kept (word text)');
    await first.query("INSERT INTO kept VALUES ('Keller')");
    await first.stop();

    await using second = await testPostgres(folder);

    expect(await second.query('SELECT word FROM kept')).toEqual([{ word: 'Keller' }]);
    expect(second.connection.password).toBe(first.connection.password);
    expect((await readdir(parent.path)).sort()).toEqual([
      'postgres',
      'postgres-password',
      'postgres.log',
    ]);
    expect((await stat(`${folder}-password`)).mode & 0o777).toBe(0o600);
    expect((await stat(`${folder}.log`)).mode & 0o777).toBe(0o600);
  });

  it('is set up for us: UTF-8, order by code point, checksums, this computer only, durable if not told otherwise', async () => {
    await using parent = await temporaryFolder();
    await (await testPostgres(join(parent.path, 'pg'))).stop();
    const server = await startEmbeddedPostgres({ folder: join(parent.path, 'pg'), log });
    const client = new pg.Client({ ...server.connection });
    await client.connect();

    const { rows } = await client.query(`
      SELECT current_database() AS database, current_user AS user, getdatabaseencoding() AS encoding,
             datlocprovider AS provider, datlocale AS locale, lower('ÄÉЖ') AS lower,
             ARRAY(SELECT x FROM unnest(ARRAY['a', 'B', 'ä', 'Z']) x ORDER BY x) AS ordered,
             current_setting('data_checksums') AS checksums, current_setting('fsync') AS fsync,
             current_setting('listen_addresses') AS addresses,
             current_setting('unix_socket_directories') AS sockets, current_setting('TimeZone') AS zone
      FROM pg_database WHERE datname = current_database()`);
    await client.end();
    await server.stop();

    expect(server.version).toMatch(/^18\./);
    expect(rows[0]).toEqual({
      database: 'rootcellar',
      user: 'rootcellar',
      encoding: 'UTF8',
      provider: 'b',
      locale: 'C.UTF-8',
      lower: 'äéж',
      ordered: ['B', 'Z', 'a', 'ä'],
      checksums: 'on',
      fsync: 'on',
      addresses: '127.0.0.1',
      sockets: '',
      zone: 'UTC',
    });
  });

  it('lets nobody in without the password', async () => {
    await using parent = await temporaryFolder();
    await using server = await testPostgres(join(parent.path, 'pg'));
    const client = new pg.Client({ ...server.connection, password: 'guessed' });

    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('writes neither statements nor values into its log', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'pg');
    await using server = await testPostgres(folder);
    await server.query('CREATE TABLE people (mail text UNIQUE)');
    await server.query("INSERT INTO people VALUES ('ann@example.org')");

    const twice = server.query('INSERT INTO people VALUES ($1)', ['ann@example.org']);

    await expect(twice).rejects.toMatchObject({ code: '23505' });
    await server.stop();
    const text = await readFile(`${folder}.log`, 'utf8');
    expect(text).toContain('duplicate key value');
    expect(text).not.toMatch(/ann@example|INSERT/);
  });

  it('works below folders of any name and a path longer than PostgreSQL can hold', async () => {
    await using parent = await temporaryFolder();
    const names = ['it\'s "quoted" $HOME `x` \\ 100%', 'Über größe 保存 🥕', 'new\nline'];
    const long = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(150));
    const folder = join(parent.path, ...names, ...long, 'postgres');

    await using server = await testPostgres(folder);

    expect(folder.length).toBeGreaterThan(1500);
    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says when PostgreSQL ends by itself, and starts again afterwards', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'pg');
    const first = await testPostgres(folder);
    await first.query('CREATE TABLE kept ()');
    process.kill((await readPostmasterPid(folder))?.pid ?? 0, 'SIGKILL');

    const error = await first.died;

    expect(error).toMatchObject({ code: 'DATABASE_FAILED' });
    expect(error.message).toContain('SIGKILL');
    await first.stop();
    await using second = await testPostgres(folder);
    expect(await second.query("SELECT to_regclass('kept') IS NOT NULL AS kept")).toEqual([
      { kept: true },
    ]);
  });

  it('ends connections that are open when it is stopped', async () => {
    await using parent = await temporaryFolder();
    const server = await testPostgres(join(parent.path, 'pg'));
    const sleeping = server.query('SELECT pg_sleep(600)').catch((error: unknown) => error);
    const waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    while ((await server.query(waiting)).length === 0);

    await Promise.all([server.stop(), server.stop()]);

    expect(await sleeping).toMatchObject({ code: '57P01' });
  });

  it('gives up the start when told to, and leaves nothing behind', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'pg');
    const stop = new AbortController();

    const started = startEmbeddedPostgres({ folder, log, durable: false, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 300);

    await expect(started).rejects.toThrow('enough');
    expect(await readdir(parent.path)).toEqual([]);
  });

  it('makes a new password when the file of it is lost or spoilt', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'pg');
    const first = await testPostgres(folder);
    await first.query('CREATE TABLE kept ()');
    await first.stop();
    await rm(`${folder}-password`);

    await using second = await testPostgres(folder);

    expect(second.connection.password).not.toBe(first.connection.password);
    expect(await second.query('SELECT * FROM kept')).toEqual([]);
  });

  it('says what to do about a password that does not fit', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'pg');
    await (await testPostgres(folder)).stop();
    await writeFile(`${folder}-password`, `${'0'.repeat(64)}\n`);

    const started = startEmbeddedPostgres({ folder, log, durable: false });

    await expect(started).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
      hint: expect.stringContaining('Remove the file'),
    });
    expect(await readPostmasterPid(folder)).toBeUndefined();
  });

  it('touches neither the cluster of another major version nor files that are none', async () => {
    await using parent = await temporaryFolder();
    const [older, foreign] = [join(parent.path, 'older'), join(parent.path, 'foreign')];
    await mkdir(older);
    await writeFile(join(older, 'PG_VERSION'), '15\n');
    await mkdir(foreign);
    await writeFile(join(foreign, 'holiday.jpg'), '');

    await expect(startEmbeddedPostgres({ folder: older, log })).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
      message: expect.stringContaining('PostgreSQL 15'),
    });
    await expect(startEmbeddedPostgres({ folder: foreign, log })).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
    });
    expect(await readdir(older)).toEqual(['PG_VERSION']);
    expect(await readdir(foreign)).toEqual(['holiday.jpg']);
  });

  it('takes a copy of the folder as its own, whoever owns the files now', async () => {
    await using parent = await temporaryFolder();
    const [folder, copy] = [join(parent.path, 'pg'), join(parent.path, 'copy')];
    const first = await testPostgres(folder);
    await first.query('CREATE TABLE kept ()');
    await first.stop();
    await cp(folder, copy, { recursive: true });
    await cp(`${folder}-password`, `${copy}-password`);
    await chmod(copy, 0o755);

    await using second = await testPostgres(copy);

    expect(await second.query('SELECT * FROM kept')).toEqual([]);
    expect((await stat(copy)).mode & 0o777).toBe(0o700);
  });

  it('says what PostgreSQL said when it does not start', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'pg');
    await (await testPostgres(folder)).stop();
    await rm(join(folder, 'global'), { recursive: true });

    const started = startEmbeddedPostgres({ folder, log, durable: false });

    await expect(started).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
      details: {
        said: expect.arrayContaining([expect.stringContaining('pg_control')]),
      },
    });
  });
});
