import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildBackup } from '@rootcellar/ios/testing';
import type { BuiltBackup } from '@rootcellar/ios/testing';
import { differences, openHousehold, openLine } from '@rootcellar/testkit';
import type { Answer, Household, LineEvents, RunningCommand } from '@rootcellar/testkit';
import { mebibytes, noise } from './sample-content.js';

let household: Household;
beforeAll(async () => {
  household = await openHousehold();
});
afterAll(async () => household.close());

/** Bodies of the agent hold 15 MiB at most: several of them. */
const BYTES = mebibytes(48);

async function freshBackup(name: string): Promise<BuiltBackup> {
  const files = Array.from({ length: 10 }, (_, n) => ({
    ...{ domain: 'CameraRollDomain', path: `Media/${n}` },
    content: noise(`${name} ${n}`, BYTES / 10),
  }));
  return buildBackup(join(household.room, name), { files });
}

/** Lets two bodies of chunks through and says when they were acknowledged; then `then` decides about every request. */
function afterTwoBodies(
  then: () => Promise<void>,
): LineEvents & { acknowledged: Promise<undefined> } {
  const acknowledged = Promise.withResolvers<undefined>();
  let asked = 0;
  let answered = 0;
  return {
    acknowledged: acknowledged.promise,
    asked: async ({ path }) => {
      if (!/(chunks|commit)$/.test(path)) return;
      asked += 1;
      if (asked <= 2) return;
      await acknowledged.promise;
      await then();
    },
    answered: ({ path, status }) => {
      if (status === 200 && path.endsWith('/chunks')) answered += 1;
      if (answered === 2) acknowledged.resolve(undefined);
    },
  };
}

async function verifyWhole(built: BuiltBackup, pushed: Answer): Promise<void> {
  const { agent, room } = household;
  const to = join(room, 'restored', pushed.snapshotId);
  const restored = await agent.ok('restore', pushed.snapshotId, '--to', to);
  expect(await differences(built.folder, restored.path)).toEqual([]);
}

async function snapshots(): Promise<number> {
  return (await household.agent.ok('snapshot', 'list')).items.length;
}

describe('a push that is broken off', () => {
  it.each([
    ['killed', 'SIGKILL', null],
    ['interrupted by Ctrl-C', 'SIGINT', 130],
  ] as const)('when it is %s goes on where it was', async (how, signal, code) => {
    const built = await freshBackup(how);
    const before = await snapshots();
    let held = true;
    const hold = async (): Promise<void> => (held ? new Promise(() => undefined) : undefined);
    const events = afterTwoBodies(hold);
    await using line = await openLine(household.service.url, events);
    const agent = household.agentAt(line.url);

    const running = agent.start('push', built.folder);
    await events.acknowledged;
    running.child.kill(signal);
    const end = await running.ended;
    const between = await snapshots();
    held = false;
    const again = await agent.ok('push', built.folder);

    expect(end.code).toBe(code);
    expect(between).toBe(before);
    expect(again.sentBytes).toBeGreaterThan(BYTES / 4);
    expect(again.sentBytes).toBeLessThan(BYTES - mebibytes(20));
    await verifyWhole(built, again);
  });
});

describe('a push whose service goes away', () => {
  /** Waits until the agent says that it waits, then gives it a service again. */
  async function comesBack(running: RunningCommand): Promise<Answer> {
    await running.heard(/Waiting for the service/);
    await household.startAgain();
    const end = await running.ended;
    expect(end.stderr).not.toContain('fault');
    expect(end.code).toBe(0);
    return end.json();
  }

  it.each(['kill', 'stop'] as const)('in the middle, by %s, waits and ends well', async (how) => {
    const built = await freshBackup(`service ${how}`);
    const gone = Promise.withResolvers<unknown>();
    let away = false;
    const events = afterTwoBodies(async () => {
      if (!away) gone.resolve(household.service[how]());
      away = true;
      await gone.promise;
    });
    await using line = await openLine(household.service.url, events);

    const running = household.agentAt(line.url).start('push', built.folder);
    const pushed = await comesBack(running);

    // What `stop` says of its end: 0, also in the middle of work.
    expect(await gone.promise).toBe(how === 'stop' ? 0 : undefined);
    await verifyWhole(built, pushed);
  });

  it('before it begins waits for it', async () => {
    const built = await freshBackup('away');
    await household.service.stop();

    const running = household.agent.start('push', built.folder);
    const pushed = await comesBack(running);

    await verifyWhole(built, pushed);
  });

  it('leaves every earlier snapshot and a clean vault', async () => {
    const { agent } = household;

    const list = await agent.ok('snapshot', 'list');
    const report = await agent.ok('admin', 'scrub');

    expect(list.items).toHaveLength(5);
    expect(report).toMatchObject({ clean: true });
  });
});

describe('a short command', () => {
  it('does not wait long for a service that is away, and says so', async () => {
    await household.service.stop();

    const end = await household.agent.run('device', 'list');

    expect([end.code, end.json().error.code]).toEqual([75, 'SERVER_UNREACHABLE']);
  });
});
