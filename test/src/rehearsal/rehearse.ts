import { join } from 'node:path';
import { differences, makeAgent, setUpHousehold } from '@rootcellar/testkit';
import type { Agent, S3Server } from '@rootcellar/testkit';
import { runActor, startActor } from './actor.js';
import type { Actor } from './actor.js';
import { awaitHealth } from './await-health.js';
import { openDoor } from './door.js';
import type { Door } from './door.js';
import { takeBackup, underLoad } from './load.js';
import type { LoadReport } from './load.js';
import { openStage } from './open-stage.js';
import type { OpenStage } from './open-stage.js';

export interface RehearsalReport {
  /** Seconds of each step, in order. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly load: LoadReport;
  /** What each process ended with, restarts included. */
  readonly exitCodes: readonly (number | null)[];
  /** Statuses through Caddy of what must not be there. */
  readonly metricsStatus: number;
  readonly plainStatus: number;
  readonly plainLocation: string | null;
  /** By the collection. */
  readonly deletedPacks: number;
}

export interface RehearsalSettings {
  readonly s3: S3Server;
  /** MiB of the first backup and of each push under load. */
  readonly mib: number;
  /** How often every process is replaced. */
  readonly rounds: number;
  readonly log: (line: string) => void;
}

const SERVERS = ['valkey'];
const PROCESSES = ['api-1', 'api-2', 'worker-1', 'worker-2'];

/**
 * The compose file's processes by their own commands and environment, on real servers: set up, push, restore, collect through Caddy with
 * TLS, each process replaced under load, everything stopped. @throws Error at the first thing that is not as it should be
 */
export async function rehearse(settings: RehearsalSettings): Promise<RehearsalReport> {
  const { s3, mib, rounds, log } = settings;
  const seconds: Record<string, number> = {};
  const step = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await act();
    seconds[name] = Math.round((performance.now() - began) / 10) / 100;
    log(`${name}: ${seconds[name]} s`);
    return result;
  };
  await using open = await step('servers', async () => openStage(s3));
  await using troupe = makeTroupe(open);
  for (const name of SERVERS) await troupe.start(name);
  await step('migrate', async () => runActor(open.stage, 'migrate'));
  await step('migrate again', async () => runActor(open.stage, 'migrate'));
  await step('processes', async () => Promise.all(PROCESSES.map((name) => troupe.startWell(name))));
  const door = await step('caddy', async () => openDoor(open, await troupe.start('caddy')));

  const agent = await step('set-up', async () => signedIn(open, door));
  const deletedPacks = await step('push, restore, collect', async () =>
    oneHousehold(open, agent, mib),
  );
  const load = await step('each process replaced under load', async () =>
    underLoad({ agent, door, room: open.room, mib }, async () => {
      for (let round = 0; round < rounds; round += 1) {
        for (const name of PROCESSES) await troupe.replace(name);
      }
    }),
  );
  const plain = await fetch(open.plainUrl, { redirect: 'manual' });
  const metricsStatus = await door.ask('/metrics');
  await step('stop', async () => troupe.stopAll(['caddy', ...PROCESSES]));
  return {
    ...{ seconds, load, exitCodes: troupe.exitCodes, metricsStatus, deletedPacks },
    ...{ plainStatus: plain.status, plainLocation: plain.headers.get('location') },
  };
}

async function signedIn({ room, secrets, url }: OpenStage, door: Door): Promise<Agent> {
  const agent = makeAgent({
    ...{ home: join(room, 'computer'), url },
    env: { NODE_EXTRA_CA_CERTS: door.caFile },
  });
  await setUpHousehold(agent, { setupTokenFile: join(secrets, 'setup-token') });
  return agent;
}

/** Two days of a phone; the first comes back as it was, is forgotten, and its space comes back. */
async function oneHousehold({ room }: OpenStage, agent: Agent, mib: number): Promise<number> {
  const first = await takeBackup(room, 1, mib);
  const { snapshotId } = await agent.ok('push', first);
  const { path } = await agent.ok('restore', snapshotId, '--to', join(room, 'restored'));
  const found = await differences(first, path);
  if (found.length > 0) throw new Error(`restored otherwise than pushed: ${found.join('; ')}`);
  await agent.ok('push', await takeBackup(room, 2, mib));
  await agent.ok('snapshot', 'forget', snapshotId, '--confirm', 'Test');
  await agent.ok('bin', 'empty', '--confirm', 'Test');
  const { deletedPacks } = (await agent.ok('admin', 'gc', '--no-grace')) as {
    deletedPacks?: number;
  };
  return deletedPacks ?? 0;
}

/** The processes that play now. */
interface Troupe extends AsyncDisposable {
  readonly exitCodes: (number | null)[];
  start(name: string): Promise<Actor>;
  startWell(name: string): Promise<void>;
  /** Stops one, and starts it again when it has ended. */
  replace(name: string): Promise<void>;
  stopAll(names: readonly string[]): Promise<void>;
}

function makeTroupe({ stage }: OpenStage): Troupe {
  const actors = new Map<string, Actor>();
  const exitCodes: (number | null)[] = [];
  const start = async (name: string): Promise<Actor> => {
    const actor = await startActor(stage, name);
    actors.set(name, actor);
    return actor;
  };
  const startWell = async (name: string): Promise<void> => awaitHealth(stage, await start(name));
  const stop = async (name: string): Promise<void> => {
    const code = await actors.get(name)?.stop();
    actors.delete(name);
    exitCodes.push(code ?? null);
  };
  return {
    ...{ exitCodes, start, startWell },
    replace: async (name) => {
      await stop(name);
      await startWell(name);
    },
    stopAll: async (names) => {
      for (const name of names) await stop(name);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...actors.values()].map(async (actor) => actor.stop()));
    },
  };
}
