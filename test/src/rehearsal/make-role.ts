import { readFile } from 'node:fs/promises';
import type { Connection } from '@rootcellar/standalone';
import pg from 'pg';
import { checkoutFile } from '../deployment/checkout-file.js';

const OPERATOR = 'operator';

/**
 * Makes the role and the database as the compose file's PostgreSQL does: by the statements of deploy/postgres/make-role.sh. The embedded
 * server's super user has the name that the role shall have, so it gets another one first.
 */
export async function makeRole(server: Connection, password: string): Promise<void> {
  const ours = { host: server.host, port: server.port, database: 'postgres' };
  await asking({ ...ours, user: server.user, password: server.password }, [
    `create role ${OPERATOR} login superuser password '${server.password}'`,
  ]);
  await asking({ ...ours, user: OPERATOR, password: server.password }, [
    `drop database ${server.database}`,
    `alter role ${server.user} rename to embedded`,
    ...(await statements(password)),
  ]);
}

async function statements(password: string): Promise<string[]> {
  const script = await readFile(checkoutFile('deploy', 'postgres', 'make-role.sh'), 'utf8');
  const sql = /<<'SQL'\n(?<sql>.*)\nSQL$/ms.exec(script)?.groups?.['sql'];
  if (sql === undefined) throw new Error('make-role.sh has no statements');
  return sql
    .split('\n')
    .filter((line) => !line.startsWith('\\set '))
    .map((line) => line.replace(":'password'", `'${password}'`));
}

async function asking(settings: pg.ClientConfig, lines: readonly string[]): Promise<void> {
  const client = new pg.Client(settings);
  await client.connect();
  try {
    // One by one: a database is not made within a transaction.
    for (const line of lines) await client.query(line);
  } finally {
    await client.end();
  }
}
