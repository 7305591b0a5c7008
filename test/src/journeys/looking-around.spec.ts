import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EXAMPLE_UDID, buildBackup } from '@rootcellar/ios/testing';
import type { BuiltBackup } from '@rootcellar/ios/testing';
import { openHousehold } from '@rootcellar/testkit';
import type { Answer, Household } from '@rootcellar/testkit';

const APP = 'AppDomain-com.example.app';
const PAD = '00008110-00000000000000AD';

let household: Household;
let phone: BuiltBackup;
/** Two of the phone, one of the tablet; the tablet's is encrypted. */
const pushed: Answer[] = [];

beforeAll(async () => {
  household = await openHousehold();
  const { agent, room } = household;
  phone = await buildBackup(join(room, 'a'), { deviceName: 'Zoë’s iPhone 📱' });
  const later = await buildBackup(join(room, 'b'), {
    deviceName: 'Zoë’s iPhone 📱',
    takenAt: new Date('2024-06-08T12:00:00Z'),
    productVersion: '17.6',
  });
  const pad = await buildBackup(join(room, 'c'), {
    udid: PAD,
    deviceName: 'Pad',
    encrypted: true,
    productType: 'iPad13,1',
  });
  for (const { folder } of [later, phone, pad]) pushed.push(await agent.ok('push', folder));
});
afterAll(async () => household.close());

/** All pages of a list, asked for item by item. */
async function pageByPage(...command: readonly string[]): Promise<Answer[]> {
  const items: Answer[] = [];
  let cursor: readonly string[] = [];
  for (;;) {
    const page = await household.agent.ok(...command, '--limit', '1', ...cursor);
    expect(page.items.length).toBeLessThanOrEqual(1);
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = ['--cursor', page.nextCursor];
  }
}

describe('device', () => {
  it('lists devices as their newest backup describes them, page by page too', async () => {
    const all = await household.agent.ok('device', 'list');

    expect(all.items).toMatchObject([
      { udid: EXAMPLE_UDID, name: 'Zoë’s iPhone 📱', productVersion: '17.6', snapshots: 2 },
      { udid: PAD, name: 'Pad', productType: 'iPad13,1', snapshots: 1 },
    ]);
    expect(all.nextCursor).toBeNull();
    expect(await pageByPage('device', 'list')).toEqual(all.items);
  });

  it('shows one by id, UDID and name', async () => {
    const { agent } = household;
    const id = pushed[0]?.deviceId ?? '';

    const shown = await Promise.all(
      [id, EXAMPLE_UDID, EXAMPLE_UDID.toLowerCase(), 'Zoë’s iPhone 📱'].map((which) =>
        agent.ok('device', 'show', which),
      ),
    );

    expect(new Set(shown.map((device) => device.id))).toEqual(new Set([id]));
  });

  it('does not know any other', async () => {
    const end = await household.agent.run('device', 'show', 'somebody else’s');

    expect([end.code, end.json().error.code]).toEqual([10, 'NOT_FOUND']);
  });
});

describe('snapshot', () => {
  it('lists what was pushed, the newest push first, page by page too', async () => {
    const all = await household.agent.ok('snapshot', 'list');

    expect(all.items.map(({ id }) => id)).toEqual(
      pushed.map(({ snapshotId }) => snapshotId).toReversed(),
    );
    expect(await pageByPage('snapshot', 'list')).toEqual(all.items);
  });

  it('lists those of one device', async () => {
    const { agent } = household;

    const ofPad = await agent.ok('snapshot', 'list', '--device', 'Pad');

    expect(ofPad.items).toMatchObject([{ id: pushed[2]?.snapshotId, encrypted: true, udid: PAD }]);
    const ofNone = await agent.run('snapshot', 'list', '--device', 'nobody');
    expect(ofNone.code).toBe(10);
  });

  it('means by latest: the state the device was in last, whenever it was pushed', async () => {
    const latest = await household.agent.ok('snapshot', 'show', `latest:${EXAMPLE_UDID}`);

    expect(latest).toMatchObject({
      id: pushed[0]?.snapshotId,
      takenAt: '2024-06-08T12:00:00.000Z',
      productVersion: '17.6',
    });
  });

  it('lists domains and files, page by page too', async () => {
    const { agent } = household;
    const which = `latest:${EXAMPLE_UDID}`;

    const domains = await agent.ok('snapshot', 'ls', which);
    const files = await agent.ok('snapshot', 'ls', which, '--domain', APP);
    const one = await agent.ok('snapshot', 'ls', which, '--domain', APP, '--path', 'Documents');

    expect(domains.items).toMatchObject([
      { id: APP, type: 'domain', domain: APP },
      { id: 'HomeDomain', type: 'domain', domain: 'HomeDomain' },
    ]);
    expect(files.items.map(({ path, type }) => `${type} ${path}`)).toEqual([
      'folder ',
      'file Documents/naïve 📱.txt',
      'file Documents/note.txt',
      'link Library/Link',
    ]);
    expect(one.items).toMatchObject([{ path: 'Documents/naïve 📱.txt' }, { size: 6 }]);
    expect(await pageByPage('snapshot', 'ls', which)).toEqual(domains.items);
    expect(await pageByPage('snapshot', 'ls', which, '--domain', APP)).toEqual(files.items);
  });

  it('cannot look into an encrypted one', async () => {
    const end = await household.agent.run('snapshot', 'ls', 'latest:Pad');

    expect([end.code, end.json().error.code]).toEqual([20, 'BACKUP_ENCRYPTED']);
  });

  it.each([
    ['0197a000-0000-7000-8000-000000000000', 10, 'NOT_FOUND'],
    ['latest:nobody', 10, 'NOT_FOUND'],
    ['no-id', 2, 'INPUT_INVALID'],
  ])('%s ends with %i', async (which, code, stable) => {
    const end = await household.agent.run('snapshot', 'show', which);

    expect([end.code, end.json().error.code]).toEqual([code, stable]);
  });
});

describe('part of a backup', () => {
  it('is restored by domain, under the names it had on the device', async () => {
    const { agent, room } = household;
    const to = join(room, 'part 1');

    const done = await agent.ok('restore', `latest:${EXAMPLE_UDID}`, '--to', to, '--domain', APP);

    expect(done).toMatchObject({ path: to, files: 2 });
    const names = await readdir(to, { recursive: true });
    expect(names.sort()).toEqual([
      APP,
      join(APP, 'Documents'),
      join(APP, 'Documents', 'naïve 📱.txt'),
      join(APP, 'Documents', 'note.txt'),
    ]);
    expect(await readFile(join(to, APP, 'Documents/note.txt'), 'utf8')).toBe('a note');
  });

  it('is restored by path, beside what is there already', async () => {
    const { agent, room } = household;
    const part = ['--to', join(room, 'part 2'), '--domain', APP, '--path'];

    await agent.ok('restore', `latest:${phone.udid}`, ...part, 'Documents/note.txt');
    await agent.ok('restore', `latest:${phone.udid}`, ...part, 'Documents/naïve 📱.txt');

    expect((await readdir(join(room, 'part 2', APP, 'Documents'))).sort()).toEqual([
      'naïve 📱.txt',
      'note.txt',
    ]);
  });

  it('is not written over a file that is there', async () => {
    const { agent, room } = household;
    const part = ['--to', join(room, 'part 3'), '--domain', APP];
    await agent.ok('restore', `latest:${phone.udid}`, ...part);
    await writeFile(join(room, 'part 3', APP, 'Documents/note.txt'), 'mine');

    const end = await agent.run('restore', `latest:${phone.udid}`, ...part);

    expect([end.code, end.json().error.code]).toEqual([11, 'RESTORE_TARGET_EXISTS']);
    const note = await readFile(join(room, 'part 3', APP, 'Documents/note.txt'), 'utf8');
    expect(note).toBe('mine');
  });

  it.each([
    [['--domain', 'NoDomain'], 10, 'RESTORE_NOTHING'],
    [['--domain', APP, '--path', 'Docu'], 10, 'RESTORE_NOTHING'],
    [['--path', 'Documents'], 2, 'INPUT_INVALID'],
  ])('%j ends with %i', async (options, code, stable) => {
    const { agent, room } = household;
    const to = ['--to', join(room, 'nothing')];

    const end = await agent.run('restore', `latest:${phone.udid}`, ...to, ...options);

    expect([end.code, end.json().error.code]).toEqual([code, stable]);
  });

  it('cannot be had of an encrypted backup', async () => {
    const { agent, room } = household;
    const part = ['--to', join(room, 'part 4'), '--domain', APP];

    const end = await agent.run('restore', 'latest:Pad', ...part);

    expect([end.code, end.json().error.code]).toEqual([20, 'BACKUP_ENCRYPTED']);
  });
});

describe('a whole backup', () => {
  it('is not restored over a backup that is there', async () => {
    const { agent, room } = household;
    const to = join(room, 'whole');
    await agent.ok('restore', `latest:${phone.udid}`, '--to', to);
    await writeFile(join(to, phone.udid, 'Info.plist'), 'mine');

    const end = await agent.run('restore', `latest:${phone.udid}`, '--to', to);

    expect([end.code, end.json().error.code]).toEqual([11, 'RESTORE_TARGET_EXISTS']);
    expect(await readFile(join(to, phone.udid, 'Info.plist'), 'utf8')).toBe('mine');
    expect(await readdir(to)).toEqual([phone.udid]);
  });
});
