import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';

/** Line of the port in `postmaster.pid`. */
const PORT_LINE = 3;
const POOL_SIZE = 2;

/** The database of a running service. The caller destroys the pool. */
export async function openServiceDatabase(data: string): Promise<Database> {
  const state = await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8');
  const password = (await readFile(join(data, 'postgres-password'), 'utf8')).trim();
  return openDatabase({
    ...{ host: '127.0.0.1', user: 'rootcellar', database: 'rootcellar', password },
    ...{ port: Number(state.split('\n')[PORT_LINE]), poolSize: POOL_SIZE },
  });
}
