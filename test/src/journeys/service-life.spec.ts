import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildBackup, buildPackage } from '@rootcellar/ios/testing';
import {
  ServiceFailed,
  differences,
  openHousehold,
  startServiceProcess,
} from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { writeFile } from 'node:fs/promises';

let household: Household;
beforeAll(async () => {
  household = await openHousehold();
});
afterAll(async () => household.close());

/** Why a start failed. */
async function failureOf(starting: Promise<unknown>): Promise<ServiceFailed> {
  const failure: unknown = await starting.catch((error: unknown) => error);
  if (failure instanceof ServiceFailed) return failure;
  throw new Error('The service started.');
}

describe('a second start', () => {
  it('is refused on data that is in use, and leaves the first alone', async () => {
    const { service, agent } = household;

    const failure = await failureOf(startServiceProcess({ data: service.data }));

    expect(failure.exitCode).toBe(1);
    expect(failure.stderr).toContain('[DATA_IN_USE]');
    await agent.ok('whoami');
  });

  it('is refused on a port that is taken, and says how to choose another', async () => {
    const data = join(household.room, 'other data');
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;

    const failure = await failureOf(startServiceProcess({ data, port }));
    taken.close();

    expect(failure.exitCode).toBe(1);
    expect(failure.stderr).toContain('[PORT_TAKEN]');
    expect(failure.stderr).toContain(`ROOTCELLAR_PORT=`);
    // It is as new: the token of that first start still sets it up.
    const service = await startServiceProcess({ data, port });
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });
});

describe('what was acknowledged', () => {
  it.each(['stop', 'kill'] as const)('is there after %s and a start', async (end) => {
    const { agent, room } = household;
    const built = await buildBackup(join(room, `before ${end}`));
    await writeFile(join(room, `${end}.ipa`), buildPackage({ version: end }));
    const pushed = await agent.ok('push', built.folder);
    const added = await agent.ok('app', 'add', join(room, `${end}.ipa`));
    const before = await agent.ok('snapshot', 'list');

    await household.service[end]();
    await household.startAgain();

    expect(await agent.ok('snapshot', 'list')).toEqual(before);
    const to = join(room, `after ${end}`);
    const restored = await agent.ok('restore', pushed.snapshotId, '--to', to);
    expect(await differences(built.folder, restored.path)).toEqual([]);
    const artifact = added.items[0]?.artifactId ?? '';
    await agent.ok('app', 'get', artifact, '--to', join(room, `${end} back.ipa`));
  });
});
