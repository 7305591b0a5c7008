import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildPackage } from '@rootcellar/ios/testing';
import { differences, makeAgent, openLine } from '@rootcellar/testkit';
import type { Agent } from '@rootcellar/testkit';
import { noise } from './sample-content.js';
import { NOTES, backUp, names, openTwoFamilies, refusal } from './two-families.js';
import type { TwoFamilies } from './two-families.js';

/** One story, told in order: each part goes on from where the one before ended. */
let families: TwoFamilies;
let ada: Agent;
let bob: Agent;
let kim: Agent;
let dora: Agent;
let eli: Agent;
beforeAll(async () => {
  families = await openTwoFamilies();
  ({ ada, bob, kim, dora, eli } = families);
});
afterAll(async () => families.household.close());

const NONE = [10, 'NOT_FOUND'];
const room = (name: string): string => join(families.household.room, name);
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

let folderOfAda: string;
/** The first snapshot of each device. */
const first = { ada: '', bob: '', kim: '', pad: '', dora: '', eli: '' };

describe('two households', () => {
  it('have five people, one of them in both', async () => {
    expect((await ada.ok('member', 'list')).items).toMatchObject([
      { name: 'Ada', role: 'admin' },
      { name: 'Bob', role: 'member' },
      { name: 'Kim', role: 'limited' },
    ]);
    expect(await names(dora, 'member', 'list')).toEqual(['Bob', 'Dora', 'Eli']);
    expect((await bob.ok('household', 'list')).items).toMatchObject([
      { householdName: 'Test', role: 'member', current: true },
      { householdName: 'Valley', role: 'admin', current: false },
    ]);
  });

  it('keep six devices', async () => {
    const push = async (by: Agent, folder: string, ...more: readonly string[]): Promise<string> =>
      (await by.ok('push', folder, ...more)).snapshotId;
    folderOfAda = await backUp(families, { number: 1, name: 'Phone of Ada' });

    first.ada = await push(ada, folderOfAda);
    first.bob = await push(bob, await backUp(families, { number: 2, name: 'Phone of Bob' }));
    const ofKim = await backUp(families, { number: 3, name: 'Phone of Kim' });
    first.kim = await push(ada, ofKim, '--owner', 'Kim');
    const pad = await backUp(families, { number: 4, name: 'Family iPad' });
    first.pad = await push(bob, pad, '--owner', 'household');
    first.dora = await push(dora, await backUp(families, { number: 5, name: 'Old phone' }));
    first.eli = await push(eli, await backUp(families, { number: 6, name: 'Phone of Eli' }));

    expect(await names(ada, 'device', 'list')).toEqual(['Phone of Ada', 'Family iPad']);
    expect((await ada.ok('device', 'list', '--everybody')).items).toMatchObject([
      { name: 'Phone of Ada', owner: 'Ada' },
      { name: 'Phone of Bob', owner: 'Bob' },
      { name: 'Phone of Kim', owner: 'Kim' },
      { name: 'Family iPad', owner: null },
    ]);
    expect(await names(kim, 'snapshot', 'list')).toEqual(['Family iPad', 'Phone of Kim']);
  });

  it('let a child name a device and remove nothing', async () => {
    await kim.ok('device', 'rename', 'Phone of Kim', 'Kimphone');

    expect(await kim.ok('device', 'show', 'Kimphone')).toMatchObject({ owner: 'me', snapshots: 1 });
    expect(await refusal(kim, 'snapshot', 'forget', first.kim)).toEqual([12, 'FORBIDDEN']);
    expect(await refusal(kim, 'member', 'invite')).toEqual([12, 'FORBIDDEN']);
  });

  it('show a device that changed hands to each owner from their time on', async () => {
    await dora.ok('device', 'assign', 'Old phone', 'Eli');
    const takenAt = '2026-02-01T10:00:00Z';
    await eli.ok('push', await backUp(families, { number: 5, name: 'Old phone', takenAt }));

    expect(await names(eli, 'snapshot', 'list')).toEqual(['Old phone', 'Phone of Eli']);
    expect(await refusal(eli, 'restore', first.dora, '--to', room('none'))).toEqual(NONE);
    expect((await dora.ok('snapshot', 'list')).items).toMatchObject([{ id: first.dora }]);
  });
});

describe('sharing', () => {
  let whole: string;
  let artifact: string;

  it('gives a snapshot, an app’s data and a private package', async () => {
    await writeFile(room('tool.ipa'), buildPackage({ bundleId: 'com.example.tool' }));
    const added = await ada.ok('app', 'add', '--private', room('tool.ipa'));
    artifact = added.items[0]?.artifactId ?? '';
    expect(await refusal(bob, 'app', 'get', artifact, '--to', room('none'))).toEqual(NONE);

    const until = ['--until', inDays(5)];
    whole = (await ada.ok('share', first.ada, '--with', 'Bob', ...until)).id;
    await ada.ok('share', 'latest:Phone of Ada', '--with', 'Kim', ...until, '--app', NOTES);
    await ada.ok('share', artifact, '--with', 'Bob', ...until);

    expect((await ada.ok('share', 'list')).items).toHaveLength(3);
    expect((await bob.ok('share', 'list')).items).toMatchObject([
      { side: 'received', rootId: artifact },
      { side: 'received', rootId: first.ada, bundleId: null },
    ]);
  });

  it('lets them take it, byte for byte, and no more than that', async () => {
    expect(await names(bob, 'snapshot', 'list')).toContain('Phone of Ada');
    const { path } = await bob.ok('restore', first.ada, '--to', room('of Ada'));
    expect(await differences(folderOfAda, path)).toEqual([]);
    await bob.ok('app', 'get', artifact, '--to', room('got.ipa'));
    expect(await readFile(room('got.ipa'))).toEqual(await readFile(room('tool.ipa')));

    const domain = `AppDomain-${NOTES}`;
    await kim.ok('restore', first.ada, '--domain', domain, '--to', room('for Kim'));
    expect(await readdir(room('for Kim'))).toEqual([domain]);
    const note = join(room('for Kim'), domain, 'Documents', 'note.txt');
    expect(await readFile(note, 'utf8')).toBe('a note');
    const all = ['restore', first.ada, '--to', room('none')];
    expect(await refusal(kim, ...all)).toEqual([12, 'FORBIDDEN']);
  });

  it('ends when its time is over', async () => {
    const until = Date.now() + 12_000;
    const end = new Date(until).toISOString();
    await bob.ok('share', first.bob, '--with', 'Ada', '--until', end);
    await ada.ok('snapshot', 'show', first.bob);

    await wait(until - Date.now() + 100);

    expect(await refusal(ada, 'snapshot', 'show', first.bob)).toEqual(NONE);
    expect(JSON.stringify(await ada.ok('share', 'list'))).not.toContain(first.bob);
  });

  it('ends when it is taken back', async () => {
    await ada.ok('share', 'revoke', whole);

    expect(await refusal(bob, 'restore', first.ada, '--to', room('none'))).toEqual(NONE);
    expect(await names(bob, 'snapshot', 'list')).not.toContain('Phone of Ada');
  });
});

describe('what the others do not see', () => {
  it('is as if it were not there, for administrators and for next door', async () => {
    const eyes: readonly (readonly [Agent, readonly string[]])[] = [
      [ada, [first.bob, first.kim, first.dora, first.eli]],
      [bob, [first.ada, first.kim, first.dora, first.eli]],
      [dora, [first.ada, first.bob, first.kim, first.pad, first.eli]],
      [eli, [first.ada, first.bob, first.kim, first.pad, first.dora]],
    ];
    for (const [agent, hidden] of eyes) {
      for (const id of hidden) expect(await refusal(agent, 'snapshot', 'show', id)).toEqual(NONE);
      const listed = JSON.stringify(await agent.ok('snapshot', 'list'));
      for (const id of hidden) expect(listed).not.toContain(id);
    }
    expect(await refusal(dora, 'share', first.ada, '--with', 'Eli', '--until', inDays(1))).toEqual(
      NONE,
    );
    expect(await refusal(dora, 'device', 'show', 'Phone of Ada')).toEqual(NONE);
    const trail = await dora.run('audit', 'list');
    expect(trail.stdout).not.toMatch(/Ada|Kim/);
  });
});

it('a stolen token to push with adds, and neither reads nor removes', async () => {
  const file = room('token');
  await bob.ok('token', 'create', '--scope', 'push', '--name', 'NAS', '--out', file);
  const nas = families.household.newAgent('nas');
  await nas.ok('login', '--token-file', file);
  const takenAt = '2026-02-01T10:00:00Z';

  const phone = { number: 2, name: 'Phone of Bob', takenAt, note: 'a second note' };
  const { snapshotId } = await nas.ok('push', await backUp(families, phone));

  for (const command of [
    ['restore', snapshotId, '--to', room('stolen')],
    ['snapshot', 'list'],
    ['snapshot', 'forget', first.bob],
  ])
    expect(await refusal(nas, ...command)).toEqual([12, 'SCOPE_TOO_NARROW']);
  const ids = (await bob.ok('snapshot', 'list')).items.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining([first.bob, snapshotId]));
});

it('a quota refuses a push before anything moves', async () => {
  await ada.ok('member', 'quota', 'Kim', '200k');
  const [takenAt, note] = ['2026-02-01T10:00:00Z', noise('photos of Kim', 400_000)];
  const folder = await backUp(families, { number: 3, name: 'Phone of Kim', takenAt, note });
  await using line = await openLine(families.household.service.url);
  const kimOnTheLine = makeAgent({ home: kim.home, url: line.url });

  const end = await kimOnTheLine.run('push', folder);

  expect([end.code, end.json().error.code]).toEqual([75, 'QUOTA_EXCEEDED']);
  const sent = line.exchanges.filter(({ method }) => method !== 'GET');
  expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/v1/uploads']);
  expect((await kim.ok('snapshot', 'list', '--device', 'Kimphone')).items).toHaveLength(1);

  await ada.ok('member', 'quota', 'Kim', 'none');
  expect((await kimOnTheLine.ok('push', folder)).sentBytes).toBeGreaterThan(400_000);
});

describe('going', () => {
  it('into the bin is undone for who comes back', async () => {
    await bob.ok('household', 'use', 'Valley');
    expect(await refusal(bob, 'member', 'remove', 'Eli', '--bin')).toEqual([
      ...[11, 'CONFIRMATION_NEEDED'],
    ]);
    await bob.ok('member', 'remove', 'Eli', '--bin', '--confirm', 'Eli');
    expect(await refusal(eli, 'whoami')).toEqual([12, 'NOT_SIGNED_IN']);
    expect((await bob.ok('bin', 'list')).items.map(({ id }) => id)).toContain(first.eli);

    await bob.ok('snapshot', 'undo', first.eli);

    expect((await bob.ok('bin', 'list')).items.map(({ id }) => id)).not.toContain(first.eli);
    // Back is what was there, not a right to read it.
    expect(await refusal(bob, 'snapshot', 'show', first.eli)).toEqual(NONE);
    await writeFile(room('again'), (await bob.ok('member', 'invite', '--name', 'Eli')).link);
    const login = ['--email', 'eli@example.org', '--password-file', room('password')];
    await eli.ok('login', ...login);
    await eli.ok('join', '--invitation-file', room('again'));
    expect((await eli.ok('snapshot', 'list')).items).toMatchObject([{ id: first.eli }]);
  });

  it('hands over to who stays', async () => {
    const leave = ['member', 'leave', '--hand-over-to', 'Bob'];
    expect(await dora.ok(...leave, '--dry-run')).toMatchObject({ status: 'planned', snapshots: 1 });
    await dora.ok(...leave, '--confirm', 'Valley');

    expect(await refusal(dora, 'whoami')).toEqual([12, 'NOT_SIGNED_IN']);
    await bob.ok('restore', first.dora, '--to', room('of Dora'));
    expect(await names(bob, 'member', 'list')).toEqual(['Bob', 'Eli']);
  });
});

it('the trail tells each household its own, whole and unchanged', async () => {
  const actions = async (): Promise<string[]> => {
    const { items } = await bob.ok('audit', 'list', '--limit', '1000');
    return (items as unknown as { action: string }[]).map(({ action }) => action);
  };
  expect(await actions()).toEqual(expect.arrayContaining(['member-removed', 'handed-over']));
  expect(await bob.ok('audit', 'verify')).toMatchObject({ intact: true, broken: null });

  await bob.ok('household', 'use', 'Test');

  const here = await actions();
  expect(here).toEqual(expect.arrayContaining(['shared', 'restored', 'token-created']));
  expect(here).not.toContain('member-removed');
  expect(await refusal(bob, 'audit', 'verify')).toEqual([12, 'FORBIDDEN']);
  expect(await ada.ok('audit', 'verify')).toMatchObject({ intact: true, broken: null });
});
