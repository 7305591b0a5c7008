import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildBackup } from '@rootcellar/ios/testing';
import { differences } from '@rootcellar/testkit';
import type { Agent } from '@rootcellar/testkit';
import { mebibytes, noise, prose } from '../journeys/sample-content.js';
import type { Door } from './door.js';

/** What went on while something else happened. */
export interface LoadReport {
  readonly pushes: number;
  readonly restores: number;
  readonly asked: number;
  /** Answers of `GET /health/live` that were not 200. Readiness is for balancers: a process that stops is alive, but not ready. */
  readonly refused: number;
}

export interface LoadSettings {
  readonly agent: Agent;
  readonly door: Door;
  readonly room: string;
  /** MiB that are new in each push. */
  readonly mib: number;
}

const ASK_EVERY_MS = 100;

/** A backup that nobody has seen yet, by its number. */
export async function takeBackup(room: string, number: number, mib: number): Promise<string> {
  const { folder } = await buildBackup(join(room, 'backups', String(number)), {
    ...{ udid: '00008110-0000000000000DEE', deviceName: 'Phone' },
    files: [
      {
        domain: 'CameraRollDomain',
        path: 'film.mov',
        content: noise(`film ${number}`, mebibytes(mib)),
      },
      { domain: 'HomeDomain', path: 'log', content: prose(`log ${number}`, mebibytes(1)) },
    ],
  });
  return folder;
}

/**
 * Pushes one backup after the other, each restored and compared, and asks how the service is all the while, until `act` is done.
 * @throws Error when a push or restore fails or differs
 */
export async function underLoad(
  settings: LoadSettings,
  act: () => Promise<void>,
): Promise<LoadReport> {
  const done = new AbortController();
  const counts = { pushes: 0, restores: 0, asked: 0, refused: 0 };
  const work = Promise.all([
    pushOn(settings, counts, done.signal),
    askOn(settings.door, counts, done.signal),
  ]);
  try {
    // A failing push ends it early.
    await Promise.race([act(), work]);
  } finally {
    done.abort();
    await work;
  }
  return counts;
}

type Counts = { -readonly [name in keyof LoadReport]: number };

async function pushOn(settings: LoadSettings, counts: Counts, signal: AbortSignal): Promise<void> {
  const { agent, room, mib } = settings;
  for (let number = 100; !signal.aborted; number += 1) {
    const folder = await takeBackup(room, number, mib);
    const { snapshotId } = await agent.ok('push', folder);
    counts.pushes += 1;
    const { path } = await agent.ok(
      'restore',
      snapshotId,
      '--to',
      join(room, 'under load', String(number)),
    );
    const found = await differences(folder, path);
    if (found.length > 0) throw new Error(`restored otherwise than pushed: ${found.join('; ')}`);
    counts.restores += 1;
  }
}

async function askOn(door: Door, counts: Counts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    counts.asked += 1;
    if ((await door.ask('/health/live')) !== 200) counts.refused += 1;
    await sleep(ASK_EVERY_MS);
  }
}
