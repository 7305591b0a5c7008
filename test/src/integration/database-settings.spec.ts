import { chown, stat, writeFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { migrate, openDatabase } from '@rootcellar/catalog';
import type { Database, DatabaseSettings } from '@rootcellar/catalog';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';
import { AUTHORITY, SERVER, SERVER_KEY } from './tls-certificates.js';

jest.setTimeout(60_000);

const FAILED = { code: 'DATABASE_FAILED' };
const MIGRATION_LOCK = 1_795_000_000;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await use({}, migrate);
});
afterAll(async () => server[Symbol.asyncDispose]());

async function use<T>(
  settings: Partial<DatabaseSettings>,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ ...server.connection, poolSize: 1, ...settings });
  try {
    return await work(database);
  } finally {
    await database.destroy();
  }
}

describe('time limits of the database', () => {
  it('a statement that takes longer is given up as SERVER_BUSY', async () => {
    await use({ statementTimeoutMs: 500 }, async (database) => {
      await expect(database.query('select pg_sleep(60)')).rejects.toMatchObject({
        code: 'SERVER_BUSY',
      });
    });
  });

  it('who finds no free connection for longer is told DATABASE_FAILED', async () => {
    await use({ connectTimeoutMs: 500 }, async (database) => {
      const busy = database.query('select pg_sleep(2)');

      await expect(database.query('select 1')).rejects.toMatchObject(FAILED);

      await busy;
      expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    });
  });

  it('a migration waits for another process as long as it takes, and the limit holds again afterwards', async () => {
    await use({}, async (other) => {
      await other.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
      await use({ statementTimeoutMs: 1000 }, async (database) => {
        const migrating = migrate(database);
        await setTimeout(2000);
        await other.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);

        await expect(migrating).resolves.toBeUndefined();

        const [limit] = await database.query<object[]>('show statement_timeout');
        expect(limit).toEqual({ statement_timeout: '1s' });
      });
    });
  });
});

describe('a connection with TLS', () => {
  const encrypted = async (database: Database): Promise<unknown> =>
    database.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');

  it('is refused when the server has none: nothing is sent in the clear', async () => {
    await expect(use({ tls: { ca: AUTHORITY } }, encrypted)).rejects.toMatchObject(FAILED);
  });

  describe('to a server that has it', () => {
    beforeAll(async () => {
      const { uid, gid } = await stat(server.folder);
      for (const [name, text] of Object.entries({ certificate: SERVER, key: SERVER_KEY })) {
        await writeFile(join(server.folder, name), text, { mode: 0o600 });
        await chown(join(server.folder, name), uid, gid);
      }
      await use({}, async (database) => {
        await database.query(`alter system set ssl_cert_file = 'certificate'`);
        await database.query(`alter system set ssl_key_file = 'key'`);
        await database.query('alter system set ssl = on');
        await database.query('select pg_reload_conf()');
      });
      const isOn = async (): Promise<boolean> =>
        use({ tls: { ca: AUTHORITY } }, encrypted).then(
          () => true,
          () => false,
        );
      while (!(await isOn())) await setTimeout(50);
    });

    it.each(['127.0.0.1', 'localhost'])(
      'is encrypted when the authority is the one that is trusted and the name is %s',
      async (host) => {
        expect(await use({ host, tls: { ca: AUTHORITY } }, encrypted)).toEqual([{ ssl: true }]);
      },
    );

    it('is refused when another authority is trusted, or those of the system', async () => {
      const [stranger] = rootCertificates;
      await expect(use({ tls: { ca: stranger ?? '' } }, encrypted)).rejects.toMatchObject(FAILED);
      await expect(use({ tls: {} }, encrypted)).rejects.toMatchObject(FAILED);
    });
  });
});
