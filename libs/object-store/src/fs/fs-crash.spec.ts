import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { crashObject } from '../testing/crash-objects.js';
import { listAll, readWhole } from '../testing/sample-objects.js';
import { openFsObjectStore } from './open-fs-object-store.js';

const PROGRAM = fileURLToPath(new URL('../testing/put-until-killed.js', import.meta.url));
const ROUNDS = 6;

describe('openFsObjectStore, its process killed in the middle of puts,', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rootcellar-crash-'));
  });

  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  /** Lets the program put objects for a while after its first, then kills it. @returns what it said is durable */
  async function putUntilKilled(first: number, milliseconds: number): Promise<string[]> {
    const acknowledged: string[] = [];
    const child = fork(PROGRAM, [root, String(first)], { execArgv: [], stdio: 'inherit' });
    const exited = once(child, 'exit');
    child.on('message', (key) => acknowledged.push(key as string));
    await Promise.race([once(child, 'message'), exited]);
    await sleep(milliseconds);
    child.kill('SIGKILL');
    await exited;
    return acknowledged;
  }

  it('has every object it acknowledged, and none in part', async () => {
    const acknowledged: string[] = [];
    let leftovers = 0;

    for (let round = 0; round < ROUNDS; round += 1) {
      acknowledged.push(...(await putUntilKilled(round * 100_000, 20 + round * 13)));
      leftovers += (await readdir(join(root, '~tmp'))).length;
    }

    const store = await openFsObjectStore(root);
    const listed = await listAll(store, '');
    for (const { key, size } of listed) {
      const expected = Buffer.concat(crashObject(Number(key.split('/').at(-1))).parts);
      expect(Buffer.compare(await readWhole(store, key, size), expected)).toBe(0);
    }
    expect(listed.map(({ key }) => key)).toEqual(expect.arrayContaining(acknowledged));
    expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS);
    // Four writers at work: at least one of six kills meets one of them.
    expect(leftovers).toBeGreaterThan(0);
    expect(await readdir(join(root, '~tmp'))).toEqual([]);
  }, 60_000);
});
