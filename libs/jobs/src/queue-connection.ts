import type { PostgresPoolConfig } from 'bullmq';
import { redisOptions } from './redis/redis-options.js';
import type { RedisSettings } from './redis/redis-options.js';

export interface QueueDatabase {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Encrypts, and checks the server's certificate. */
  readonly tls?: { readonly ca?: string };
}

/** Where the queue is kept. Queue and worker code is the same for both. */
export type QueueConnection =
  | { readonly backend: 'postgres'; readonly pool: PostgresPoolConfig }
  | { readonly backend: 'redis'; readonly redis: RedisSettings };

/** In the service's own database. Each queue and worker has a small pool; BullMQ brings its own schema up to date, once at a time. */
export function queueConnection(settings: QueueDatabase): QueueConnection {
  const { host, port, user, password, database, tls } = settings;
  return {
    backend: 'postgres',
    pool: {
      ...{ host, port, user, password, database },
      ...(tls === undefined ? {} : { ssl: { ...tls, rejectUnauthorized: true } }),
      max: 3,
      application_name: 'rootcellar-jobs',
      keepAlive: true,
      migrate: true,
    },
  };
}

/** @throws ArchiveError CONFIG_INVALID when the address has another form */
export function redisConnection(redis: RedisSettings): QueueConnection {
  redisOptions(redis);
  return { backend: 'redis', redis };
}
