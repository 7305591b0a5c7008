import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { World } from '@rootcellar/cli';
import { FakeDevice, FakeDeviceLink } from '@rootcellar/device-link/testing';
import type { DeviceCall, Mishap } from '@rootcellar/device-link/testing';
import { buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import { systemClock } from '@rootcellar/model';
import { openHousehold } from '@rootcellar/testkit';
import type { Answer, Household } from '@rootcellar/testkit';
import { commandWithDevices } from './command-with-devices.js';

jest.setTimeout(120_000);

const APP = 'com.example.notes';
const NOTE = { domain: `AppDomain-${APP}`, path: 'Documents/note.txt' } as const;
const OTHER = { domain: 'AppDomain-com.example.other', path: 'Documents/other.txt' } as const;
const OLD = { bundleId: APP, version: '3.0', build: '30', externalVersionId: '300' };
const NEW = { bundleId: APP, version: '4.0', build: '40', externalVersionId: '400' };
const NEWER = { bundleId: APP, version: '4.1', build: '41', externalVersionId: '410' };
const EASY = { bundleId: 'com.example.other', version: '1.0', build: '1', externalVersionId: '1' };

let household: Household;
beforeAll(async () => {
  household = await openHousehold();
  const { version, build, bundleId } = OLD;
  const metadata = storeMetadata({ bundleId, version, build, externalVersionId: 300 });
  const path = join(household.room, 'notes-3.0.ipa');
  await writeFile(path, buildPackage({ bundleId, version, build, metadata, sinf: true }));
  await ok('app', 'add', path);
});
afterAll(async () => household.close());

let phones = 0;
let phone: FakeDevice;
let link: FakeDeviceLink;
let deviceId: string;
let planId: string;
/** A phone that was backed up with 3.0, then updated itself to 4.0, then was backed up again. */
beforeEach(async () => {
  phones += 1;
  phone = new FakeDevice({
    ...{ udid: `00008101-${String(phones).padStart(16, '0')}`, name: `Phone ${String(phones)}` },
    apps: [OLD, EASY],
    files: [
      { ...NOTE, content: 'written with 3.0' },
      { ...OTHER, content: 'of another app' },
      // Enough for payloads in folders before and behind `Info.plist`.
      ...Array.from({ length: 24 }, (_, at) => ({
        ...{
          domain: NOTE.domain,
          path: `Documents/${String(at)}.txt`,
          content: `${String(at)} with 3.0`,
        },
      })),
    ],
  });
  link = new FakeDeviceLink([phone], later);
  await push();
  phone.setApp(NEW);
  phone.write({ ...NOTE, content: 'written with 4.0' });
  phone.write({ ...OTHER, content: 'of another app, later' });
  deviceId = (await push()).deviceId;
  planId = await makePlan();
});

let minutes = 0;
/** Each backup is a minute after the one before. */
const later = {
  monotonicMs: () => systemClock.monotonicMs(),
  now: () => new Date(Date.now() + (minutes += 1) * 60_000),
};

/** What a person does with Finder. */
async function push(): Promise<Answer> {
  const into = join(household.room, `finder ${randomUUID()}`);
  await mkdir(into);
  const folder = await link.backUp(phone.info.udid, into, { signal: new AbortController().signal });
  return ok('push', folder);
}

async function makePlan(): Promise<string> {
  return (await ok('rollback', 'plan', APP, '--device', deviceId)).id;
}

interface Ended {
  readonly code: number;
  readonly out: Answer & { readonly state: string };
  readonly err: string;
}

/** The command in this process, with the fake phone on its cable. */
async function command(
  args: readonly string[],
  {
    links = new Map([['fake', () => link]]),
    signal = new AbortController().signal,
  }: {
    readonly links?: World['deviceLinks'];
    readonly signal?: AbortSignal;
  } = {},
): Promise<Ended> {
  const computer = { config: household.agent.config, deviceLinks: links, signal };
  const { code, stdout, stderr } = await commandWithDevices(computer, [...args, '--json']);
  const out = JSON.parse(stdout === '' ? '{}' : stdout) as Ended['out'];
  return { code, out, err: stderr };
}

/** A command that has to succeed; in this process, as many are run here. */
async function ok(...args: readonly string[]): Promise<Answer> {
  const { code, out, err } = await command(args);
  if (code !== 0)
    throw new Error(`rootcellar ${args.join(' ')} ended with ${String(code)}: ${err}`);
  return out;
}

async function run(...more: readonly string[]): Promise<Ended> {
  return command(['rollback', 'run', planId, '--yes', ...more]);
}

async function list(...args: readonly string[]): Promise<readonly Answer[]> {
  const { items } = await ok(...args);
  return items.filter((item) => item.deviceId === deviceId);
}

const versionOnPhone = (): string | undefined =>
  phone.apps().find(({ bundleId }) => bundleId === APP)?.version;

function verifyDone({ code, out }: Ended): void {
  expect([code, out.state]).toEqual([0, 'held']);
  expect(versionOnPhone()).toBe('3.0');
  expect(phone.read(NOTE.domain, NOTE.path)).toBe('written with 3.0');
  expect(phone.read(NOTE.domain, 'Documents/23.txt')).toBe('23 with 3.0');
  expect(phone.read(OTHER.domain, OTHER.path)).toBe('of another app, later');
}

describe('rollback run', () => {
  it('brings version and data back, touches nothing else, and holds the version', async () => {
    const before = (await ok('device', 'show', deviceId)).snapshots;

    const ended = await run();

    verifyDone(ended);
    expect(ended.err).toMatch(/Step 1 of 5[\s\S]*Step 5 of 5/);
    expect((await ok('device', 'show', deviceId)).snapshots).toBe(before + 1);
    expect(await list('hold', 'list')).toMatchObject([{ bundleId: APP, version: '3.0', planId }]);
    expect(existsSync(join(household.agent.config, 'rollback', planId))).toBe(false);
    expect((await run()).out.state).toBe('held');
    expect(link.calls.filter((call) => call === 'install')).toHaveLength(1);
  });

  it('tells when a later backup shows another version, and goes back again', async () => {
    await run();
    phone.setApp(NEWER);
    await push();

    const [alert] = await list('alert', 'list');
    expect(alert).toMatchObject({
      bundleId: APP,
      seen: { version: '4.1' },
      held: { version: '3.0' },
    });

    planId = await makePlan();
    verifyDone(await run());
    expect(await list('alert', 'list')).toEqual([]);
    await push();
    expect(await list('alert', 'list')).toEqual([]);
    expect(await list('hold', 'list')).toHaveLength(1);
  });

  /** What goes wrong at one step, run after run, and how each run ends. */
  const FAILURES: Readonly<Partial<Record<DeviceCall, readonly Failure[]>>> = {
    backUp: [
      failing('backUp', 'DEVICE_LINK_PASSCODE_TIMEOUT', 75),
      failing('backUp', 'DEVICE_LINK_COMPUTER_FULL', 75, true),
      [{ on: 'backUp', does: 'lies' }, 1, 'DEVICE_LINK_BACKUP_FAILED'],
      [{ on: 'backUp', does: 'unplugged' }, 75, 'DEVICE_LINK_CONNECTION_LOST'],
    ],
    install: [
      failing('install', 'DEVICE_LINK_VERIFICATION_FAILED', 12),
      failing('install', 'DEVICE_LINK_FULL', 75, true),
      [{ on: 'install', does: 'lies' }, 11, 'ROLLBACK_NOT_INSTALLED'],
      [{ on: 'install', does: 'unplugged' }, 75, 'DEVICE_LINK_CONNECTION_LOST'],
      failing('apps', 'DEVICE_LINK_TRUST_PENDING', 75),
    ],
    restore: [
      failing('restore', 'DEVICE_LINK_FIND_MY_ON', 11),
      failing('restore', 'DEVICE_LINK_RESTORE_FAILED', 1, true),
      [{ on: 'restore', does: 'unplugged' }, 75, 'DEVICE_LINK_CONNECTION_LOST'],
    ],
  };
  it.each(Object.entries(FAILURES))(
    'stops where %s fails, says so, and goes on from there',
    async (step, failures) => {
      for (const [mishap, code, stable] of failures) {
        link.script.push(mishap);
        const calls = link.calls.length;

        const stopped = await run();

        expect([stopped.code, stopped.out.error.code]).toEqual([code, stable]);
        expect(stopped.err).toContain('Stopped at step');
        expect(link.calls.slice(calls)).toContain(step);
        expect(phone.read(OTHER.domain, OTHER.path)).toBe('of another app, later');
        link.plug(phone);
      }
      expect(await list('hold', 'list')).toEqual([]);
      const calls = link.calls.length;
      verifyDone(await run());
      // What was done is not done again.
      expect(link.calls.slice(calls).includes('backUp')).toBe(step === 'backUp');
    },
  );

  it('says to enter the passcode when the phone asks for it', async () => {
    link.script.push({ on: 'backUp', does: 'asks-passcode' });

    const ended = await run();

    verifyDone(ended);
    expect(ended.err).toContain(`Enter the passcode on ${phone.info.name}`);
  });

  it('is stopped by Ctrl-C in the middle, frees the phone at once, and goes on', async () => {
    link.script.push({ on: 'install', does: 'hangs' });
    const stop = new AbortController();
    const running = command(['rollback', 'run', planId, '--yes'], { signal: stop.signal });
    while (!link.calls.includes('install')) await new Promise((resolve) => setTimeout(resolve, 20));

    stop.abort();

    expect(await running).toMatchObject({ code: 130, out: { error: { code: 'INTERRUPTED' } } });
    verifyDone(await run());
  });

  it('is for one computer at a time', async () => {
    link.script.push({ on: 'backUp', does: 'hangs' });
    const stop = new AbortController();
    const running = command(['rollback', 'run', planId, '--yes'], { signal: stop.signal });
    while (!link.calls.slice(2).includes('backUp'))
      await new Promise((resolve) => setTimeout(resolve, 20));

    const second = await run();

    expect([second.code, second.out.error.code]).toEqual([11, 'ROLLBACK_RUNNING']);
    stop.abort();
    await running;
  });
});

describe('rollback run does nothing', () => {
  it('in a build that cannot talk to devices, and says what to do by hand', async () => {
    const { code, out } = await command(['rollback', 'run', planId, '--yes'], { links: new Map() });

    expect([code, out.error.code]).toEqual([1, 'DEVICE_UNSUPPORTED']);
    expect(out.error.hint).toContain('rootcellar rollback kit');
    const shipped = await household.agent.run('rollback', 'run', planId, '--yes');
    expect(shipped.json().error.code).toBe('DEVICE_UNSUPPORTED');
  });

  it('while the phone is not connected', async () => {
    link.unplug(phone.info.udid);

    const { code, out } = await run();

    expect([code, out.error.code]).toEqual([75, 'DEVICE_LINK_NOT_CONNECTED']);
    expect(link.calls).not.toContain('install');
  });

  it('without somebody who says yes', async () => {
    const { code, out, err } = await command(['rollback', 'run', planId]);

    expect([code, out.error.code]).toEqual([2, 'INPUT_INVALID']);
    expect(err).toContain('from 4.0 (40) back to 3.0 (30)');
  });

  it('with a plan whose facts changed', async () => {
    phone.setApp(NEWER);
    await push();

    const { code, out } = await run();

    expect([code, out.error.code]).toEqual([11, 'PLAN_EXPIRED']);
    expect(versionOnPhone()).toBe('4.1');
  });

  it('with what is no plan of one’s own', async () => {
    expect((await command(['rollback', 'run', randomUUID(), '--yes'])).code).toBe(10);
    expect((await command(['rollback', 'run', 'that one', '--yes'])).code).toBe(2);
  });
});

describe('hold and alert', () => {
  it('are set, listed, dismissed and released by hand', async () => {
    phone.setApp(OLD);
    await push();
    const held = await ok('hold', 'set', APP, '--device', deviceId);
    expect(held).toMatchObject({ version: '3.0', bundleId: APP });
    phone.setApp(NEW);
    await push();

    const [alert] = await list('alert', 'list');
    await ok('alert', 'dismiss', alert?.id ?? '');
    expect(await list('alert', 'list')).toEqual([]);
    expect(await list('alert', 'list', '--all')).toHaveLength(1);
    await ok('hold', 'release', held.id);
    expect(await list('hold', 'list', '--device', deviceId)).toEqual([]);
    expect(await list('alert', 'list', '--all')).toEqual([]);
  });
});

type Failure = readonly [Mishap, exit: number, code: string];

function failing(
  on: DeviceCall,
  code: Extract<Mishap, { does: 'fails' }>['with'],
  exit: number,
  halfway = false,
): Failure {
  return [{ on, does: 'fails', with: code, halfway }, exit, code];
}
