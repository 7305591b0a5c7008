import { PgJobRequests, PgMaintenanceLocks, openDatabase } from '@rootcellar/catalog';
import { SCRUB_JOB } from '@rootcellar/jobs';
import type { QueueConnection } from '@rootcellar/jobs';
import { systemClock } from '@rootcellar/model';
import type { Connection } from '@rootcellar/standalone';
import { startTestWorker } from './test-worker.js';

/** What the parent process hands over in `ROOTCELLAR_TEST_WORKER`. */
export interface WorkerOrder {
  readonly database: Connection;
  readonly queueConnection: QueueConnection;
}

// A worker as a process of its own, to be killed: it takes a scrub, says so, and never ends it.
const order = JSON.parse(process.env['ROOTCELLAR_TEST_WORKER'] ?? '') as WorkerOrder;
const database = await openDatabase({ ...order.database, poolSize: 3 });
startTestWorker(
  {
    queueConnection: order.queueConnection,
    jobRequests: new PgJobRequests(database, systemClock),
    maintenanceLocks: new PgMaintenanceLocks(order.database),
  },
  {
    [SCRUB_JOB]: async () => {
      process.stdout.write('begun\n');
      return new Promise(() => undefined);
    },
  },
  { stalledAfterMs: 1500 },
);
