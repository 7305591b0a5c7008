import { describe, expect, it } from '@jest/globals';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import { systemClock } from '@rootcellar/model';
import { runProgram } from '../program.js';
import { IPATOOL_DONE, fakeIpatool, ipatoolError } from '../testing/fake-ipatool.js';
import type { FakeIpatool } from '../testing/fake-ipatool.js';
import { SetClock } from '../testing/set-clock.js';
import { SmallService, refuse } from '../testing/small-service.js';
import { tempFolder } from '../testing/temp-folder.js';
import { run, signIn, tryWorld } from '../testing/try-world.js';
import type { Ended } from '../testing/try-world.js';

const WANTED = ['com.example.app', '--version-id', '830001007'] as const;

interface Scene extends AsyncDisposable {
  readonly service: SmallService;
  readonly tool: FakeIpatool;
  readonly config: string;
  readonly clock: SetClock;
  /** A package as the store gives it, as a file. */
  gift(spec: {
    readonly id?: number;
    readonly bundleId?: string;
    readonly plain?: boolean;
  }): Promise<string>;
  fetch(...args: readonly string[]): Promise<Ended>;
}

async function scene(): Promise<Scene> {
  await using made = new AsyncDisposableStack();
  const temp = made.use(await tempFolder());
  const service = made.use(await SmallService.start());
  const config = join(temp.path, 'config');
  await signIn(config, service.url);
  const tool = await fakeIpatool(temp.path);
  const clock = new SetClock();
  const all = made.move();
  return {
    ...{ service, tool, config, clock },
    gift: async ({ id = 830_001_007, bundleId = 'com.example.app', plain = false }) => {
      const file = join(temp.path, 'gift.ipa');
      const metadata = storeMetadata({ bundleId, externalVersionId: id, version: '2.0' });
      await writeFile(
        file,
        buildPackage({ bundleId, version: '2.0', ...(plain ? {} : { metadata }) }),
      );
      return file;
    },
    fetch: async (...args) =>
      run(
        {
          configFolder: config,
          clock,
          env: { HOME: temp.path, PATH: '/usr/bin', ROOTCELLAR_TOKEN: 'secret' },
        },
        ...['app', 'fetch', ...args],
      ),
    [Symbol.asyncDispose]: async () => all.disposeAsync(),
  };
}

describe('app fetch', () => {
  it('is off until it is told where ipatool is', async () => {
    await using at = await scene();

    const { exitCode, err } = await at.fetch(...WANTED);

    expect([exitCode, await at.tool.calls()]).toEqual([1, []]);
    expect(err).toContain('[STORE_OFF]');
  });

  it('asks for exactly that version, and keeps it', async () => {
    await using at = await scene();
    await at.tool.plays({ gives: await at.gift({}), says: ['chatter', IPATOOL_DONE] });

    const { exitCode, out } = await at.fetch(...WANTED, '--ipatool', at.tool.program, '--json');

    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{ status: 'added', bundleId: 'com.example.app', version: '2.0', purchased: false },
      externalVersionId: '830001007',
    });
    const [call] = await at.tool.calls();
    expect(call?.args).toEqual([
      ...[
        'download',
        '--bundle-identifier',
        'com.example.app',
        '--external-version-id',
        '830001007',
      ],
      ...[
        '--output',
        expect.stringMatching(/package\.ipa$/),
        '--format',
        'json',
        '--non-interactive',
      ],
    ]);
    expect(Object.keys(call?.env ?? {})).not.toContain('ROOTCELLAR_TOKEN');
    expect(await readdir(join(at.config, 'store'))).toEqual([]);
  });

  it('names an app that left the store by its number, and gets a licence only when told to', async () => {
    await using at = await scene();
    await at.tool.plays({
      gives: await at.gift({}),
      says: [IPATOOL_DONE.replace('"purchased":false', '"purchased":true')],
    });

    const { out } = await at.fetch(
      ...WANTED,
      '--item-id',
      '42',
      '--purchase',
      '--ipatool',
      relative('.', at.tool.program),
    );

    const [call] = await at.tool.calls();
    expect(call?.args.slice(1, 3)).toEqual(['--app-id', '42']);
    expect(call?.args).toContain('--purchase');
    expect(out).toContain('A licence was got for it.');
  });

  it('takes what a gap says: app, version, and the app’s number', async () => {
    await using at = await scene();
    await at.tool.plays({ gives: await at.gift({}), says: [IPATOOL_DONE] });
    const gap = {
      id: 'gap-2',
      bundleId: 'com.example.app',
      externalVersionId: '830001007',
      itemId: '42',
    };
    const pages = [
      { items: [{ ...gap, id: 'gap-1' }], total: 2, nextCursor: 'more' },
      {
        items: [gap, { ...gap, id: 'gap-3', externalVersionId: null }],
        total: 2,
        nextCursor: null,
      },
    ];
    let page = 0;
    at.service.intercept = ({ path, response }) => {
      if (!path.endsWith('/gaps')) return false;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(pages[page++ % 2]));
      return true;
    };
    const fetch = async (id: string): Promise<number> =>
      (await at.fetch(id, '--ipatool', at.tool.program)).exitCode;

    const codes = [await fetch('gap-2'), await fetch('gap-9'), await fetch('gap-3')];

    expect(codes).toEqual([0, 10, 10]);
    const calls = await at.tool.calls();
    expect(calls.map(({ args }) => args.slice(1, 5))).toEqual([
      ['--app-id', '42', '--external-version-id', '830001007'],
    ]);
  });

  it.each([
    ['another version', { id: 830_009_999 }, 'id 830009999, not id 830001007'],
    ['another app', { bundleId: 'com.example.other' }, 'another app (com.example.other)'],
    ['one that does not say which it is', { plain: true }, 'no version id'],
  ])('does not add %s, and keeps it aside', async (_, gift, words) => {
    await using at = await scene();
    const bytes = await readFile(await at.gift(gift));
    await at.tool.plays({ gives: await at.gift(gift), says: [IPATOOL_DONE] });

    const { exitCode, err } = await at.fetch(...WANTED, '--ipatool', at.tool.program);

    expect(exitCode).toBe(11);
    expect(err).toContain('[STORE_OTHER_VERSION]');
    expect(err).toContain(words);
    expect(at.service.requests).toEqual([]);
    const aside = join(at.config, 'store', 'aside');
    const [name = ''] = await readdir(aside);
    expect((await readFile(join(aside, name))).equals(bytes)).toBe(true);
  });

  it('keeps aside what the service does not take', async () => {
    await using at = await scene();
    await at.tool.plays({ gives: await at.gift({}), says: [IPATOOL_DONE] });
    at.service.intercept = ({ response }) => refuse(response, 401, 'NOT_SIGNED_IN', 'Who are you?');

    const { exitCode, err } = await at.fetch(...WANTED, '--ipatool', at.tool.program);

    expect([exitCode, await readdir(join(at.config, 'store', 'aside'))]).toEqual([
      12,
      [expect.any(String)],
    ]);
    expect(err).toContain('The version was fetched, but not added');
  });

  it.each([
    [ipatoolError('license is required'), 12, 'STORE_NO_LICENCE'],
    [ipatoolError('password token is expired'), 12, 'STORE_NOT_SIGNED_IN'],
    [ipatoolError('app not found'), 10, 'STORE_NO_SUCH_VERSION'],
    [{ code: 1 }, 1, 'STORE_TOOL_FAILED'],
    [{ says: [IPATOOL_DONE] }, 1, 'STORE_TOOL_FAILED'],
    [{ gives: import.meta.filename, says: [IPATOOL_DONE] }, 1, 'STORE_TOOL_FAILED'],
  ])('says in its own words what ipatool ended with: %j', async (play, code, error) => {
    await using at = await scene();
    await at.tool.plays(play);

    const { exitCode, err } = await at.fetch(...WANTED, '--ipatool', at.tool.program);

    expect([exitCode, err]).toEqual([code, expect.stringContaining(`[${error}]`)]);
    expect(at.service.requests).toEqual([]);
  });

  it('keeps a person’s pace, whatever the last one came to', async () => {
    await using at = await scene();
    await at.tool.plays(ipatoolError('license is required'));
    const again = async (): Promise<number> =>
      (await at.fetch(...WANTED, '--ipatool', at.tool.program)).exitCode;

    const codes = [await again(), await again()];
    at.clock.pass(61_000);
    codes.push(await again());

    expect(codes).toEqual([12, 75, 12]);
    expect(await at.tool.calls()).toHaveLength(2);
  });

  it('stops ipatool with Ctrl-C, and when it takes too long', async () => {
    await using at = await scene();
    await at.tool.plays({ sleepMs: 60_000 });
    const world = tryWorld({ configFolder: at.config });
    const args = ['app', 'fetch', ...WANTED, '--ipatool', at.tool.program];
    const from = systemClock.monotonicMs();

    const slow = await at.fetch(...WANTED, '--ipatool', at.tool.program, '--timeout', '1');
    const stopped = runProgram(world, args);
    while ((await at.tool.calls()).length < 2) await sleep(20);
    world.interrupt();

    expect([slow.exitCode, await stopped]).toEqual([75, 130]);
    expect(systemClock.monotonicMs() - from).toBeLessThan(30_000);
  });

  it.each([
    [['com.example.app; rm', '--version-id', '1']],
    [['com.example.app', '--version-id', '--purchase']],
    [['com.example.app', '--version-id', '1', '--item-id', 'x']],
    [['com.example.app', '--version-id', '1', '--timeout', '0']],
  ])('does not hand %j to another program', async (args) => {
    await using at = await scene();

    const { exitCode } = await at.fetch(...args, '--ipatool', at.tool.program);

    expect([exitCode, await at.tool.calls()]).toEqual([2, []]);
  });
});
