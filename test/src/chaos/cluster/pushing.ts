import { setUpHousehold } from '@rootcellar/testkit';
import { openClusterLedger } from './cluster-ledger.js';
import type { ClusterLedger } from './cluster-ledger.js';
import { Device } from './device.js';
import type { ClusterOptions } from './options.js';
import { signInAs } from './sign-in.js';

/** Devices that are signed in and have their first backup ready. */
export interface Crowd {
  readonly devices: readonly Device[];
  readonly ledger: ClusterLedger;
}

/** How the pushes of all devices together went. */
export interface PushFigures {
  readonly seconds: number;
  /** Of all backups that were pushed, as files. */
  readonly mib: number;
  readonly mibPerSecond: number;
  /** Until the last first backup was acknowledged, and how much that was a second. */
  readonly firstSeconds: number;
  readonly firstMibPerSecond: number;
}

const MAKERS = 2;

export async function gather(
  site: { readonly url: string; readonly setupTokenFile: string },
  { agents, mib, seed }: ClusterOptions,
  room: string,
): Promise<Crowd> {
  const ledger = openClusterLedger();
  const order = { room, url: site.url, seed, mib: mib / agents, ledger };
  const devices = Array.from(
    { length: agents },
    (_, number) => new Device({ ...order, number: number + 1 }),
  );
  for (const [at, { agent }] of devices.entries()) {
    if (at === 0) await setUpHousehold(agent, site);
    else await signInAs(agent);
  }
  const left = [...devices];
  await Promise.all(
    Array.from({ length: MAKERS }, async () => {
      for (let device = left.pop(); device !== undefined; device = left.pop()) {
        await device.backUp();
      }
    }),
  );
  return { devices, ledger };
}

/** Each device pushes what it has, then its next day, and so on. */
export async function pushRounds(
  { devices }: Crowd,
  goOn: (round: number) => boolean,
): Promise<PushFigures> {
  const began = performance.now();
  const before = devices.reduce((sum, { pushedBytes }) => sum + pushedBytes, 0);
  const since = (): number => (performance.now() - began) / 1000;
  let [firstSeconds, firstBytes] = [0, 0];
  await Promise.all(
    devices.map(async (device) => {
      const had = device.pushedBytes;
      for (let round = 1; goOn(round); round += 1) {
        if (round > 1) await device.backUp();
        await device.push();
        if (round > 1) continue;
        firstSeconds = since();
        firstBytes += device.pushedBytes - had;
      }
    }),
  );
  const seconds = since();
  const mib = (devices.reduce((sum, { pushedBytes }) => sum + pushedBytes, 0) - before) / 2 ** 20;
  const firstMibPerSecond = firstBytes / 2 ** 20 / firstSeconds;
  return { seconds, mib, mibPerSecond: mib / seconds, firstSeconds, firstMibPerSecond };
}
