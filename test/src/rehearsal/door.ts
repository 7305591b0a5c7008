import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from './actor.js';
import type { OpenStage } from './open-stage.js';

/** The way in through Caddy. */
export interface Door {
  /** The certificate of the authority Caddy made itself, which agents have to trust. */
  readonly caFile: string;
  /** @returns the status of an answer; 0 when there was none */
  ask(path: string): Promise<number>;
}

const READY_MS = 30_000;
const AGAIN_MS = 100;

/** Waits until Caddy has its certificate and somebody behind it answers. @throws Error with what it said when it does not */
export async function openDoor({ room, url }: OpenStage, caddy: Actor): Promise<Door> {
  const caFile = join(
    room,
    'volumes',
    'caddy-data',
    'caddy',
    'pki',
    'authorities',
    'local',
    'root.crt',
  );
  const ask = async (path: string): Promise<number> => {
    const ca = await readFile(caFile, 'utf8').catch(() => '');
    return ca === '' ? 0 : statusOf(new URL(path, url), ca);
  };
  const until = performance.now() + READY_MS;
  while ((await ask('/health/ready')) !== 200) {
    if (performance.now() > until) throw new Error(`Caddy lets nobody in. ${caddy.lastWords()}`);
    await sleep(AGAIN_MS);
  }
  return { caFile, ask };
}

async function statusOf(url: URL, ca: string): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(url, { ca, agent: false, timeout: READY_MS }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', () => resolve(0));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(0));
    asked.end();
  });
}
