import { join } from 'node:path';
import { freePort, makeAgent, startServiceProcess } from '@rootcellar/testkit';
import { signInAs } from './sign-in.js';
import type { ClusterOptions } from './options.js';
import { gather, pushRounds } from './pushing.js';
import type { PushFigures } from './pushing.js';
import { openRouteFigures } from './route-figures.js';
import type { RouteLatency } from './route-figures.js';
import { collectOn } from './unrest.js';

export interface SingleReport {
  readonly figures: PushFigures;
  readonly latencies: readonly RouteLatency[];
  readonly collections: number;
  readonly faults: readonly string[];
}

/** The same pushes and collections on one process as `npm start` starts it: what a cluster is compared with. */
export async function runSingle(order: {
  readonly options: ClusterOptions;
  readonly room: string;
  readonly log: (line: string) => void;
}): Promise<SingleReport> {
  const { options, room, log } = order;
  const monitoringPort = await freePort();
  await using service = await startServiceProcess({
    data: join(room, 'data'),
    env: { ROOTCELLAR_MONITORING_PORT: String(monitoringPort) },
  });
  const crowd = await gather(service, options, room);
  log(`${crowd.devices.length} devices have their first backups; ${options.mib} MiB together`);
  const { ledger } = crowd;
  const agent = makeAgent({ home: join(room, 'computers', 'collector'), url: service.url });
  await signInAs(agent);
  const quiet = new AbortController();
  const collecting = options.collects ? collectOn(agent, ledger, quiet.signal) : Promise.resolve();
  const figures = await pushRounds(crowd, (round) => round <= options.rounds);
  quiet.abort();
  await collecting;
  const routes = openRouteFigures();
  await routes.note(monitoringPort);
  const { collections, faults } = ledger;
  return { figures, latencies: routes.latencies(), collections, faults };
}
