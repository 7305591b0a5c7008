import { hash } from 'node:crypto';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import { openHousehold } from '@rootcellar/testkit';
import type { Answer, Household, RunningCommand } from '@rootcellar/testkit';
import { mebibytes, noise } from './sample-content.js';

const KIB = 1024;
const PACKAGES = 40;
const APPS = 4;
const SETTLE = ['--settle', '0.4', '--every', '1', '--pause', '0.2'] as const;

let household: Household;
beforeAll(async () => {
  household = await openHousehold();
});
afterAll(async () => household.close());

/** SHA-256 of every package that is kept, one for each time it is kept. */
async function kept(bundlePrefix: string): Promise<string[]> {
  const { agent } = household;
  const apps = (await agent.ok('app', 'list', '--limit', '1000')).items;
  const mine = apps.filter(({ bundleId }) => bundleId.startsWith(bundlePrefix));
  const versions: Answer[] = [];
  for (const { bundleId } of mine)
    versions.push(...(await agent.ok('app', 'versions', bundleId)).items);
  return versions.flatMap(({ artifacts }) => artifacts.map(({ sha256 }) => sha256)).sort();
}

async function artifacts(): Promise<number> {
  const { items } = await household.agent.ok('app', 'list', '--limit', '1000');
  return items.reduce((sum, app) => sum + Number(app.artifacts), 0);
}

/** Waits until this run of the command has kept so many. */
async function added({ child }: RunningCommand, count: number): Promise<void> {
  let said = '';
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (text: string) => {
      said += text;
      if (said.split('"event":"added"').length > count) resolve();
    });
  });
}

async function writeAll(library: string, packages: readonly Buffer[]): Promise<void> {
  for (let step = 0; step < packages.length; step += 1) {
    // Every seventh, round and round: each once, in no order.
    const n = (step * 7) % packages.length;
    const path = join(library, ['a', 'b', 'c'][n % 3] ?? '', `${String(n)}.ipa`);
    await write(path, packages[n] ?? Buffer.alloc(0), n % 3);
  }
}

/** As programs write: at once, in pieces, or under a name of their own first. */
async function write(path: string, bytes: Buffer, way: number): Promise<void> {
  if (way === 0) {
    await writeFile(path, bytes);
    return;
  }
  const first = way === 1 ? path : `${path}.crdownload`;
  const cuts = [bytes.length >> 2, bytes.length - 30, bytes.length];
  for (const [n, cut] of cuts.entries()) {
    if (n > 0) await sleep(150);
    await writeFile(first, bytes.subarray(0, cut));
  }
  if (first !== path) await rename(first, path);
}

describe('watch', () => {
  it('keeps each of many packages once, copied slowly and out of order, though it is killed twice', async () => {
    const { agent, room } = household;
    const library = join(room, 'library');
    for (const folder of ['a', 'b', 'c']) await mkdir(join(library, folder), { recursive: true });
    const packages = Array.from({ length: PACKAGES }, (_, n) =>
      buildPackage({
        ...{ bundleId: `com.example.app${String(n % APPS)}`, version: `1.${String(n)}` },
        extra: [{ name: 'Payload/Example.app/data', content: noise(`n${String(n)}`, 40 * KIB) }],
      }),
    );
    const start = (): RunningCommand => agent.start('watch', library, ...SETTLE);
    let watching = start();
    const writing = writeAll(library, packages);

    for (let kills = 0; kills < 2; kills += 1) {
      await added(watching, 8);
      watching.child.kill('SIGKILL');
      await watching.ended;
      watching = start();
    }
    await writing;
    for (let tries = 0; (await artifacts()) < PACKAGES && tries < 100; tries += 1) await sleep(200);
    await sleep(1_500);
    watching.child.kill('SIGTERM');
    const { code, stdout } = await watching.ended;
    const once = await agent.run('watch', library, '--once', '--settle', '0.2');

    expect(await kept('com.example.app')).toEqual(
      packages.map((bytes) => hash('sha256', bytes)).sort(),
    );
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/refused|later/);
    expect([once.code, JSON.parse(once.stdout)]).toEqual([
      0,
      { event: 'done', kept: 0, alreadyKept: 0, refused: 0, left: 0 },
    ]);
    expect((await readdir(join(agent.config, 'watch'))).length).toBeLessThan(8);
  });

  it('waits for a service that restarts, and keeps what came meanwhile', async () => {
    const { agent, room } = household;
    const library = join(room, 'waiting');
    await mkdir(library);
    const watching = agent.start('watch', library, ...SETTLE);
    await household.service.stop();
    await writeFile(join(library, 'one.ipa'), buildPackage({ bundleId: 'com.example.waits' }));
    await watching.heard(/SERVER_UNREACHABLE/);

    await household.startAgain();
    while ((await kept('com.example.waits')).length < 1) await sleep(50);
    watching.child.kill('SIGTERM');

    const { code, stderr } = await watching.ended;
    expect(code).toBe(0);
    expect(stderr.split('SERVER_UNREACHABLE')).toHaveLength(2);
  });
});

describe('several people’s copies of one version', () => {
  it('store once: the second costs what differs, its metadata and its rights', async () => {
    const { agent, room } = household;
    const copy = (who: string): Buffer =>
      buildPackage({
        ...{ bundleId: 'com.example.family', version: '7.0' },
        metadata: storeMetadata({
          ...{ bundleId: 'com.example.family', version: '7.0', externalVersionId: 830_007_000 },
          appleId: `${who}@example.org`,
        }),
        extra: [
          {
            name: 'Payload/Example.app/assets',
            content: noise('assets', mebibytes(8)),
            stored: true,
          },
          { name: 'Payload/Example.app/SC_Info/Example.sinf', content: noise(who, 1 * KIB) },
        ],
      });
    const [ada, bob] = [join(room, 'ada.ipa'), join(room, 'bob.ipa')];
    await writeFile(ada, copy('ada'));
    await writeFile(bob, copy('bob'));

    const first = (await agent.ok('app', 'add', ada)).items[0];
    const second = (await agent.ok('app', 'add', bob)).items[0];

    expect([first?.status, second?.status]).toEqual(['added', 'added']);
    expect(first?.artifactId).not.toBe(second?.artifactId);
    expect(first?.sentBytes).toBeGreaterThan(mebibytes(8));
    expect(second?.sentBytes).toBeLessThan(16 * KIB);
    const { items } = await agent.ok('app', 'versions', 'com.example.family');
    expect(items).toHaveLength(1);
    expect(items[0]?.artifacts).toHaveLength(2);
  });
});
