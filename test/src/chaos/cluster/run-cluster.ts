import { join } from 'node:path';
import { makeAgent } from '@rootcellar/testkit';
import type { S3Server } from '@rootcellar/testkit';
import { createDice } from '../../bench/corpus/dice.js';
import { openCluster } from './open-cluster.js';
import type { Cluster } from './open-cluster.js';
import type { ClusterOptions } from './options.js';
import { strike } from './outages.js';
import type { Outage } from './outages.js';
import { gather, pushRounds } from './pushing.js';
import type { Crowd, PushFigures } from './pushing.js';
import { openProbe } from './probe.js';
import type { Probe } from './probe.js';
import { jobEnds, measureRecovery, nextPushAnswer } from './recovery.js';
import type { Recovery } from './recovery.js';
import { openRouteFigures } from './route-figures.js';
import type { RouteFigures, RouteLatency } from './route-figures.js';
import { signInAs } from './sign-in.js';
import { collectOn, killOn } from './unrest.js';
import { verdict } from './verdict.js';

export interface ClusterReport {
  readonly pushes: number;
  readonly snapshots: number;
  readonly forgotten: number;
  readonly collections: number;
  /** Times that one api and one worker were killed. */
  readonly strikes: number;
  /** Processes that ended by themselves. */
  readonly deaths: number;
  /** How often a command ended with 75, by command and error. */
  readonly again: Readonly<Record<string, number>>;
  readonly figures: PushFigures;
  readonly latencies: readonly RouteLatency[];
  /** A requested job when nothing is away. */
  readonly calmJobSeconds: number;
  readonly recoveries: readonly Recovery[];
  readonly faults: readonly string[];
}

export interface ClusterOrder {
  readonly options: ClusterOptions;
  readonly s3: S3Server;
  readonly room: string;
  readonly log: (line: string) => void;
}

export async function runCluster(order: ClusterOrder): Promise<ClusterReport> {
  const { options, s3, room, log } = order;
  await using cluster = await openCluster(join(room, 'cluster'), s3);
  const crowd = await gather(cluster, options, room);
  log(`${crowd.devices.length} devices have their first backups; ${options.mib} MiB together`);
  const quiet = new AbortController();
  const computer = makeAgent({ home: join(room, 'computers', 'collector'), url: cluster.url });
  await signInAs(computer);
  const collecting = options.collects
    ? collectOn(computer, crowd.ledger, quiet.signal)
    : Promise.resolve();
  const figures = openRouteFigures();
  const played = await play(cluster, crowd, { ...order, figures }).finally(() => quiet.abort());
  await collecting;
  log('everything pushed; comparing');
  await using books = await cluster.openBooks();
  const { ledger, devices } = crowd;
  const [{ agent }] = devices as [Crowd['devices'][0]];
  const bucketBytes = async (): Promise<number> => cluster.bucketBytes();
  const faults = await verdict(agent, { ledger, books, room, bucketBytes });
  const processes = [...cluster.apis, ...cluster.workers];
  return {
    ...played,
    pushes: ledger.pushes,
    snapshots: ledger.snapshots.size - ledger.forgotten.size,
    forgotten: ledger.forgotten.size,
    collections: ledger.collections,
    deaths: processes.reduce((sum, { deaths }) => sum + deaths, 0),
    again: Object.fromEntries(ledger.again),
    latencies: figures.latencies(),
    faults: [
      ...faults,
      ...played.recoveries.flatMap((recovery) =>
        Object.values(recovery).includes(null)
          ? [`${recovery.outage}: not all was well in time`]
          : [],
      ),
    ],
  };
}

type Played = Pick<ClusterReport, 'figures' | 'strikes' | 'calmJobSeconds' | 'recoveries'>;

/** First pushes while processes die, then pushes while servers are away. */
async function play(
  cluster: Cluster,
  crowd: Crowd,
  order: ClusterOrder & { readonly figures: RouteFigures },
): Promise<Played> {
  const { options, figures: routes, log } = order;
  let strikes = 0;
  const spared = new AbortController();
  const killing =
    options.killEvery === 0
      ? Promise.resolve()
      : killOn({
          ...{ apis: cluster.apis, workers: cluster.workers, everySeconds: options.killEvery },
          ...{ dice: createDice('kills', options.seed), figures: routes, signal: spared.signal },
          struck: (count) => void (strikes = count),
        });
  const figures = await Promise.race([
    pushRounds(crowd, (round) => round <= options.rounds || strikes < options.killsMin),
    // It ends only when something does not come back.
    killing.then(async () => new Promise<never>(() => undefined)),
  ]);
  spared.abort();
  await killing;
  for (const { monitoringPort } of cluster.apis) await routes.note(monitoringPort);
  log(`${strikes} times an api and a worker killed; now the outages`);
  // What was pushed last is pushed once more first: nothing is sent, and a push is under way.
  let on = options.outages.length > 0;
  const outages = sufferAll(cluster, order).finally(() => (on = false));
  const [{ calmJobSeconds, recoveries }] = await Promise.all([
    outages,
    on ? pushRounds(crowd, () => on) : undefined,
  ]);
  return { figures, strikes, calmJobSeconds, recoveries };
}

async function sufferAll(
  cluster: Cluster,
  { options, log }: ClusterOrder,
): Promise<Pick<Played, 'calmJobSeconds' | 'recoveries'>> {
  const recoveries: Recovery[] = [];
  const probe = await openProbe(cluster.url);
  const began = performance.now();
  await jobEnds(probe);
  const calmJobSeconds = Math.round(performance.now() - began) / 1000;
  for (const outage of options.outages) {
    const recovery = await suffer(cluster, outage, { probe, seconds: options.outageSeconds });
    recoveries.push(recovery);
    log(JSON.stringify(recovery));
  }
  return { calmJobSeconds, recoveries };
}

async function suffer(
  cluster: Cluster,
  outage: Outage,
  how: { readonly probe: Probe; readonly seconds: number },
): Promise<Recovery> {
  // In the middle of a push.
  await nextPushAnswer(cluster);
  const began = performance.now();
  await strike(outage, cluster.servers, how.seconds);
  const ended = performance.now();
  const recovered = await measureRecovery(cluster, how.probe, ended);
  return { outage, lasted: Math.round(ended - began) / 1000, ...recovered };
}
