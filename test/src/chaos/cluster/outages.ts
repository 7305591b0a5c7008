import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisServer } from '@rootcellar/testkit';
import type { DatabaseServer } from './database-server.js';
import type { Gate } from './gate.js';

export const OUTAGES = [
  'redis-flush',
  'redis-kill',
  'postgres-restart',
  'postgres-kill',
  's3',
] as const;
export type Outage = (typeof OUTAGES)[number];

export interface Servers {
  readonly redis: RedisServer;
  readonly database: DatabaseServer;
  readonly s3Gate: Gate;
}

/** Takes a server away and gives it back: PostgreSQL as soon as it can be had again, the others after some seconds. */
export async function strike(outage: Outage, servers: Servers, seconds: number): Promise<void> {
  const { redis, database, s3Gate } = servers;
  if (outage === 'redis-flush') await redis.flush();
  if (outage === 'redis-kill') {
    await redis.kill();
    await sleep(seconds * 1000);
    await redis.start();
  }
  if (outage === 'postgres-restart') {
    await database.end();
    await database.start();
  }
  if (outage === 'postgres-kill') {
    await database.kill();
    await database.start();
  }
  if (outage === 's3') {
    await s3Gate.shut();
    await sleep(seconds * 1000);
    await s3Gate.open();
  }
}
