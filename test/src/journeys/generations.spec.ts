import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EXAMPLE_UDID, buildBackup } from '@rootcellar/ios/testing';
import type { BackupFileSpec } from '@rootcellar/ios/testing';
import { differences, openHousehold } from '@rootcellar/testkit';
import type { Answer, Household } from '@rootcellar/testkit';
import { noise, prose } from './sample-content.js';

let household: Household;
/** One folder that lives on from push to push, as a device's does. */
let folder: string;
let first: Answer;
let second: Answer;

function photo(n: number, version = ''): BackupFileSpec {
  const content = noise(`photo ${n}${version}`, 200_000);
  return { domain: 'CameraRollDomain', path: `Media/IMG_${n}.JPG`, content };
}

const FIRST: readonly BackupFileSpec[] = [
  ...Array.from({ length: 20 }, (_, n) => photo(n)),
  { domain: 'HomeDomain', path: 'Library/log', content: prose('log', 3_000_000) },
];

/** Two photos gone, one new, one changed; three lines more in the log. */
const SECOND: readonly BackupFileSpec[] = [
  ...FIRST.slice(2, 20).map((file, at) => (at === 7 ? photo(9, ' edited') : file)),
  photo(99),
  {
    domain: 'HomeDomain',
    path: 'Library/log',
    content: Buffer.concat([prose('log', 3_000_000), prose('today', 200)]),
  },
];

beforeAll(async () => {
  household = await openHousehold();
  const { agent, room } = household;
  folder = join(room, 'Backup', EXAMPLE_UDID);
  await buildBackup(join(room, 'Backup'), { files: FIRST });
  first = await agent.ok('push', folder);
  await agent.ok('restore', first.snapshotId, '--to', join(room, 'day 1'));
});
afterAll(async () => household.close());

describe('a backup that is pushed again', () => {
  it('sends nothing when nothing changed', async () => {
    expect(await differences(folder, join(household.room, 'day 1', EXAMPLE_UDID))).toEqual([]);

    const again = await household.agent.ok('push', folder);

    expect(again).toMatchObject({ sentBytes: 0, newBytes: 0, reusedBytes: first.logicalBytes });
    expect(again.snapshotId).not.toBe(first.snapshotId);
  });

  it('sends nothing from a computer that remembers nothing', async () => {
    const { agent } = household;
    await rm(join(agent.config, 'push-memory'), { recursive: true });

    const again = await agent.ok('push', folder);

    expect(again).toMatchObject({ sentBytes: 0, newBytes: 0 });
  });

  it('sends of the next generation what changed', async () => {
    const { agent } = household;
    await writeNextDay();

    second = await agent.ok('push', folder);

    // Two photos and the end of the log (a chunk of it), and the lists of the backup itself.
    const lists = (await stat(join(folder, 'Manifest.db'))).size + 20_000;
    expect(second.newBytes).toBeGreaterThan(400_000);
    expect(second.sentBytes).toBeGreaterThan(400_000);
    expect(second.sentBytes).toBeLessThan(400_000 + 300_000 + lists);
    expect(second.newBytes + second.reusedBytes).toBe(second.logicalBytes);
  });

  it('keeps both generations as they were', async () => {
    const { agent, room } = household;

    const one = await agent.ok('restore', first.snapshotId, '--to', join(room, 'out 1'));
    const two = await agent.ok('restore', second.snapshotId, '--to', join(room, 'out 2'));

    expect(await differences(two.path, folder)).toEqual([]);
    expect(await differences(one.path, join(room, 'day 1', EXAMPLE_UDID))).toEqual([]);
    expect(await differences(one.path, two.path)).not.toEqual([]);
  });

  it('reads a file whose bytes changed under an old time and size', async () => {
    const { agent, room } = household;
    const [payload = ''] = await payloads();
    const path = join(folder, payload);
    const { mtime, size } = await stat(path);
    await writeFile(path, noise('other bytes', size));
    await utimes(path, mtime, mtime);

    const third = await agent.ok('push', folder);
    const restored = await agent.ok('restore', third.snapshotId, '--to', join(room, 'out 3'));

    expect(await differences(restored.path, folder)).toEqual([]);
  });
});

/** In the same folder, as a device does. */
async function writeNextDay(): Promise<void> {
  const next = await buildBackup(join(household.room, 'Backup'), { files: SECOND });
  const kept = new Set(next.files.map(({ fileId }) => fileId));
  for (const path of await payloads()) {
    if (!kept.has(path.slice(3))) await rm(join(folder, path));
  }
}

async function payloads(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /^[0-9a-f]{2}.[0-9a-f]{40}$/.test(name));
}
