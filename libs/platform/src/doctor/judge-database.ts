import type { DatabaseFacts, PoolUsage } from '@rootcellar/catalog';
import { formatBytes } from '@rootcellar/model';
import { fail, ok, warn } from './finding.js';
import type { Finding } from './finding.js';

const OLDEST_SERVER = 160_000;
/** The queue's ends have small pools of their own, see libs/jobs. */
const QUEUE_CONNECTIONS = 6;
const NEARLY_ALL = 0.85;

/** What a database server's settings mean for what is kept. */
export function judgeDatabase(facts: DatabaseFacts, pool: PoolUsage): Finding[] {
  return [judgeVersion(facts), judgeSchema(facts), judgeDurability(facts), judgeRoom(facts, pool)];
}

function judgeVersion({ serverVersion, databaseBytes }: DatabaseFacts): Finding {
  const version = `${String(Math.floor(serverVersion / 10_000))}.${String(serverVersion % 10_000)}`;
  const what = `PostgreSQL ${version} answers; the catalog has ${formatBytes(databaseBytes)}.`;
  if (serverVersion >= OLDEST_SERVER) return ok('database', what);
  return warn('database', {
    what,
    meaning: 'Rootcellar is made for PostgreSQL 16 and newer; older ones are not tried.',
    remedy: 'Upgrade the database server.',
  });
}

function judgeSchema({ missingMigrations, unknownMigrations }: DatabaseFacts): Finding {
  const id = 'database-schema';
  if (missingMigrations.length > 0)
    return fail(id, {
      what: `The schema lacks ${missingMigrations.join(', ')}.`,
      meaning: 'This release needs them: requests will fail.',
      remedy: 'Run the migrations of this release, or start the service again.',
    });
  if (unknownMigrations.length > 0)
    return warn(id, {
      what: `The schema has changes of a newer release: ${unknownMigrations.join(', ')}.`,
      meaning:
        'A newer release runs on this database. This one works on it while processes are replaced, not two releases on.',
      remedy: 'Start the newer release everywhere.',
    });
  return ok(id, 'The schema is up to date.');
}

function judgeDurability(facts: DatabaseFacts): Finding {
  const id = 'database-durable';
  const { fsync, fullPageWrites, synchronousCommit } = facts;
  if (!fsync || !fullPageWrites)
    return fail(id, {
      what: `The database runs with ${fsync ? 'full_page_writes' : 'fsync'} = off.`,
      meaning: 'A power cut can destroy the whole catalog.',
      remedy: 'Set fsync and full_page_writes to on and restart the database.',
    });
  if (synchronousCommit === 'off')
    return fail(id, {
      what: 'The database runs with synchronous_commit = off.',
      meaning: 'What was acknowledged may be lost in a crash of the database.',
      remedy: 'Set synchronous_commit to on.',
    });
  return ok(id, 'The database waits for the disk before it confirms.');
}

function judgeRoom(facts: DatabaseFacts, pool: PoolUsage): Finding {
  const id = 'database-connections';
  const { maxConnections, reservedConnections, openConnections } = facts;
  const room = maxConnections - reservedConnections;
  const needed = pool.max + QUEUE_CONNECTIONS;
  if (room < needed)
    return fail(id, {
      what: `One process may open ${needed} connections, the database allows ${room} in all.`,
      meaning: 'Under load, requests fail or wait for a connection.',
      remedy: 'Raise max_connections of the database, or make the pool smaller.',
    });
  const what = `${openConnections} of ${room} connections are open.`;
  if (openConnections > room * NEARLY_ALL)
    return warn(id, {
      what,
      meaning: 'One process more, or a busy hour, and connections are refused.',
      remedy: 'Raise max_connections, make pools smaller, or put a pooler in between.',
    });
  return ok(id, what);
}
