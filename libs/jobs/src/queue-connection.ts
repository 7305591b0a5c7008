import { createPostgresBackend, withBackend } from 'bullmq';
import type { PostgresPoolConfig } from 'bullmq';

export interface QueueDatabase {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** BullMQ's classes on its PostgreSQL backend. */
export const { Queue, Worker } = withBackend(createPostgresBackend);

/** What a queue or worker connects with; each has a small pool of its own. BullMQ brings its own schema up to date, once at a time. */
export type QueueConnection = PostgresPoolConfig;

export function queueConnection(database: QueueDatabase): QueueConnection {
  return {
    ...database,
    max: 3,
    application_name: 'rootcellar-jobs',
    keepAlive: true,
    migrate: true,
  };
}
