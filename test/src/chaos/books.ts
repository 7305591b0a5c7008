import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TIDY_UPLOADS_JOB, openQueue, queueConnection } from '@rootcellar/jobs';
import type { QueueConnection } from '@rootcellar/jobs';
import pg from 'pg';
import { until } from './processes.js';

const TIDY_MS = 60_000;

export interface BooksOrder {
  readonly connection: pg.ClientConfig;
  readonly queue: QueueConnection;
  /** Keys of what is in the object store. */
  readonly listPacks: () => Promise<readonly string[]>;
}

/** The service's database, looked at from outside. */
export interface Books extends AsyncDisposable {
  readonly openUploads: () => Promise<number>;
  /**
   * Lets a day pass for what was left unfinished and has the service tidy up.
   * @returns what it did not tidy
   */
  readonly tidy: () => Promise<string[]>;
}

/** Of a service of one process. */
export async function openBooks(data: string): Promise<Books> {
  const connection = await connectionOf(data);
  const listPacks = async (): Promise<string[]> =>
    readdir(join(data, 'objects'), { recursive: true, encoding: 'utf8' });
  return booksOf({ connection, queue: queueConnection(connection), listPacks });
}

export async function booksOf({ connection, queue, listPacks }: BooksOrder): Promise<Books> {
  const client = new pg.Client(connection);
  // The service is about to be killed again: whoever asks next hears of it.
  client.on('error', () => undefined);
  await client.connect();
  const count = async (what: string): Promise<number> => {
    const { rows } = await client.query<{ n: string }>(`select count(*) as n from ${what}`);
    return Number(rows[0]?.n);
  };
  const openUploads = async (): Promise<number> => count(`upload where state = 'open'`);
  return {
    openUploads,
    tidy: async () => {
      await client.query(
        `update upload set expires_at = now() - interval '1 minute' where state = 'open'`,
      );
      await client.query(
        `update pack set state_since = now() - interval '2 hours' where state = 'uploading'`,
      );
      await requestTidy(queue);
      const unfinished = `pack where state in ('uploading', 'deleting')`;
      const left = async (): Promise<number> =>
        (await openUploads()) + (await count(unfinished)) + (await count('upload_pack'));
      const tidied = await until(async () => (await left()) === 0, TIDY_MS);
      if (!tidied) return ['what the kills left behind was not tidied'];
      const { rows } = await client.query<{ id: string }>(
        `select id from pack where state in ('live', 'condemned')`,
      );
      return strangers(await listPacks(), new Set(rows.map(({ id }) => id)));
    },
    [Symbol.asyncDispose]: async () => client.end(),
  };
}

async function connectionOf(data: string): Promise<Parameters<typeof queueConnection>[0]> {
  const state = await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8');
  const password = (await readFile(join(data, 'postgres-password'), 'utf8')).trim();
  const port = Number(state.split('\n')[3]);
  return { host: '127.0.0.1', port, user: 'rootcellar', password, database: 'rootcellar' };
}

async function requestTidy(connection: QueueConnection): Promise<void> {
  const queue = openQueue(connection);
  try {
    await queue.add(TIDY_UPLOADS_JOB, { version: 1 });
  } finally {
    await queue.close();
  }
}

/** Packs in the object store that no row knows, and the other way round. */
function strangers(keys: readonly string[], known: ReadonlySet<string>): string[] {
  const packs = keys
    .map((key) => /^households\/[^/]+\/packs\/[0-9a-f]{2}\/([^/]+)$/.exec(key)?.[1])
    .filter((id) => id !== undefined);
  const there = new Set(packs);
  return [
    ...packs.filter((id) => !known.has(id)).map((id) => `nobody knows the pack ${id}`),
    ...[...known].filter((id) => !there.has(id)).map((id) => `the pack ${id} is gone`),
  ];
}
