import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EXAMPLE_UDID, buildBackup } from '@rootcellar/ios/testing';
import type { BuiltBackup } from '@rootcellar/ios/testing';
import { differences, openHousehold, openLine } from '@rootcellar/testkit';
import type { Answer, Exchange, Household } from '@rootcellar/testkit';
import { mebibytes, noise } from './sample-content.js';

let household: Household;
let built: BuiltBackup;
let pushed: Answer;
beforeAll(async () => {
  household = await openHousehold();
  const files = Array.from({ length: 24 }, (_, n) => ({
    ...{ domain: 'CameraRollDomain', path: `Media/${n}` },
    content: noise(`photo ${n}`, mebibytes(1)),
  }));
  built = await buildBackup(join(household.room, 'Backup'), { files });
  pushed = await household.agent.ok('push', built.folder);
});
afterAll(async () => household.close());

const isStream = ({ path }: Exchange): boolean => path.endsWith('/stream');

/** The first stream breaks off after this much; what is to become of the second is up to the test. */
function breaksOff(later: () => Promise<void> | void): Parameters<typeof openLine>[1] {
  let streams = 0;
  return {
    asked: (exchange) => {
      if (!isStream(exchange)) return;
      streams += 1;
      if (streams > 1) return later();
    },
    answerBytes: (exchange) =>
      isStream(exchange) && streams === 1 ? mebibytes(13) + 12_345 : undefined,
  };
}

describe('a restore', () => {
  it('goes on by itself when the connection breaks off', async () => {
    const { service, room } = household;
    await using line = await openLine(
      service.url,
      breaksOff(() => undefined),
    );

    const to = join(room, 'broken off');
    const restored = await household.agentAt(line.url).ok('restore', pushed.snapshotId, '--to', to);

    expect(await differences(built.folder, restored.path)).toEqual([]);
    const streams = line.exchanges.filter(isStream);
    expect(streams.map(({ query }) => query.has('after'))).toEqual([false, true]);
    expect(await readdir(to)).toEqual([EXAMPLE_UDID]);
  });

  it.each([
    ['killed', 'SIGKILL', null],
    ['interrupted by Ctrl-C', 'SIGINT', 130],
  ] as const)('that was %s goes on where it was', async (how, signal, code) => {
    const { service, room } = household;
    const stuck = Promise.withResolvers<undefined>();
    let held = true;
    const events = breaksOff(async () => {
      stuck.resolve(undefined);
      if (held) await new Promise(() => undefined);
    });
    await using line = await openLine(service.url, events);
    const agent = household.agentAt(line.url);
    const command = ['restore', pushed.snapshotId, '--to', join(room, how)];

    const running = agent.start(...command);
    await stuck.promise;
    running.child.kill(signal);
    const end = await running.ended;
    const visible = (await readdir(join(room, how))).filter((name) => !name.startsWith('.'));
    held = false;
    const restored = await agent.ok(...command);

    expect(end.code).toBe(code);
    expect(visible).toEqual([]);
    expect(await differences(built.folder, restored.path)).toEqual([]);
    expect(line.exchanges.filter(isStream).at(-1)?.query.get('after')).toBeTruthy();
    expect(await readdir(join(room, how))).toEqual([EXAMPLE_UDID]);
  });

  it('goes on when the service restarts', async () => {
    const { room } = household;
    const { url } = household.service;
    await using line = await openLine(
      url,
      breaksOff(async () => {
        await household.service.kill();
        await household.startAgain();
      }),
    );

    const restored = await household
      .agentAt(line.url)
      .ok('restore', pushed.snapshotId, '--to', join(room, 'restart'));

    expect(await differences(built.folder, restored.path)).toEqual([]);
  });
});
