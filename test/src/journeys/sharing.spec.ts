import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { buildBackup, buildPackage } from '@rootcellar/ios/testing';
import { PASSWORD, openHousehold } from '@rootcellar/testkit';
import type { Agent, Household } from '@rootcellar/testkit';
import { addSecondMember } from '../api/second-member.js';

const APP = 'com.example.notes';
const PHONE = '00008110-00000000000000B1';
const NEW_PHONE = '00008110-00000000000000B2';

let household: Household;
let ada: Agent;
let bob: Agent;
let adaId: string;
let bobId: string;
beforeAll(async () => {
  household = await openHousehold();
  ada = household.agent;
  adaId = (await ada.ok('whoami')).memberId;
  bobId = await addSecondMember(household.service, { email: 'bob@example.org', role: 'member' });
  bob = household.newAgent('computer of Bob');
  await mkdir(bob.home, { recursive: true });
  const passwordFile = join(bob.home, 'password');
  await writeFile(passwordFile, PASSWORD);
  await bob.ok('login', '--email', 'bob@example.org', '--password-file', passwordFile);
});
afterAll(async () => household.close());

async function phone(udid: string, takenAt: string): Promise<string> {
  const { folder } = await buildBackup(join(household.room), {
    udid,
    ...{ deviceName: 'iPhone of Bob', takenAt: new Date(takenAt), apps: [{ bundleId: APP }] },
    files: [
      { domain: `AppDomain-${APP}`, path: 'Documents/note.txt', content: 'a note' },
      { domain: `AppDomainGroup-group.${APP}`, path: 'group.txt', content: 'of the group' },
      { domain: 'AppDomain-com.example.other', path: 'other.txt', content: 'not for others' },
      { domain: 'HomeDomain', path: 'Library/SMS/sms.db', content: 'messages' },
    ],
  });
  return folder;
}

async function run<T>(agent: Agent, ...args: readonly string[]): Promise<T> {
  return (await agent.ok(...args)) as unknown as T;
}

async function refused(agent: Agent, ...args: readonly string[]): Promise<string> {
  const end = await agent.run(...args);
  return end.code === 0 ? 'not refused' : end.json().error.code;
}

const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString();
let snapshotId: string;

describe('a family’s computer', () => {
  it('pushes for another member, for who may, and reads nothing by it', async () => {
    const folder = await phone(PHONE, '2026-01-01T10:00:00Z');
    expect(await refused(bob, 'push', folder, '--owner', adaId)).toBe('FORBIDDEN');

    ({ snapshotId } = await ada.ok('push', folder, '--owner', bobId));

    expect((await ada.ok('snapshot', 'list')).items).toEqual([]);
    expect(await refused(ada, 'snapshot', 'show', snapshotId)).toBe('NOT_FOUND');
    expect(await refused(ada, 'restore', snapshotId, '--to', household.room)).toBe('NOT_FOUND');
    expect((await bob.ok('snapshot', 'list')).items).toMatchObject([
      { id: snapshotId, owner: 'me' },
    ]);
    expect((await ada.ok('device', 'list', '--everybody')).items).toMatchObject([{ owner: 'Bob' }]);
  });
});

describe('one app’s data', () => {
  let shareId: string;

  it('is shared by its owner alone', async () => {
    const to = ['--until', tomorrow(), '--app', APP];
    expect(await refused(ada, 'share', snapshotId, '--with', bobId, ...to)).toBe('NOT_FOUND');
    expect(await refused(bob, 'share', snapshotId, '--with', adaId, '--until', '2020-01-01')).toBe(
      'INPUT_INVALID',
    );

    shareId = (await bob.ok('share', snapshotId, '--with', adaId, ...to)).id;

    for (const [agent, side] of [
      [ada, 'received'],
      [bob, 'given'],
    ] as const)
      expect((await agent.ok('share', 'list')).items).toMatchObject([
        { id: shareId, side, bundleId: APP },
      ]);
  });

  it('is listed and restored by who was given it, and nothing else of the snapshot is told', async () => {
    const { items } = await run<Schemas['SnapshotPageDto']>(ada, 'snapshot', 'list');
    expect(items).toMatchObject([
      { id: snapshotId, owner: 'shared', shared: { from: 'Bob', bundleIds: [APP] }, files: null },
    ]);
    expect(items[0]).toMatchObject({ logicalBytes: null, newBytes: null, udid: null });

    const domains = await ada.ok('snapshot', 'ls', snapshotId);
    expect(domains.items.map(({ domain }) => domain)).toEqual([
      `AppDomain-${APP}`,
      `AppDomainGroup-group.${APP}`,
    ]);
    expect((await ada.ok('snapshot', 'ls', snapshotId, '--domain', 'HomeDomain')).items).toEqual(
      [],
    );
    const to = join(household.room, 'restored');
    expect(await refused(ada, 'restore', snapshotId, '--to', to)).toBe('FORBIDDEN');
    const elsewhere = ['--domain', 'HomeDomain', '--to', to];
    expect(await refused(ada, 'restore', snapshotId, ...elsewhere)).toBe('RESTORE_NOTHING');

    await ada.ok('restore', snapshotId, '--domain', `AppDomain-${APP}`, '--to', to);

    const note = join(to, `AppDomain-${APP}`, 'Documents', 'note.txt');
    expect(await readFile(note, 'utf8')).toBe('a note');
    expect(await refused(ada, 'snapshot', 'pin', snapshotId)).toBe('not refused');
    expect(await refused(ada, 'share', snapshotId, '--with', bobId, '--until', tomorrow())).toBe(
      'NOT_FOUND',
    );
  });

  it('leaves a line that its owner sees', async () => {
    const { items } = await run<Schemas['AuditPageDto']>(bob, 'admin', 'audit');

    const used = items.find(({ action }) => action === 'restored');
    expect(used).toMatchObject({ member: 'Ada', subjectId: snapshotId });
    expect(used?.subject).toContain(APP);
    expect(items.map(({ action }) => action)).toContain('shared');
  });

  it('ends when it is taken back', async () => {
    await bob.ok('share', 'revoke', shareId);

    expect((await ada.ok('snapshot', 'list')).items).toEqual([]);
    expect(await refused(ada, 'snapshot', 'ls', snapshotId)).toBe('NOT_FOUND');
    expect(await refused(ada, 'share', 'revoke', shareId)).toBe('NOT_FOUND');
  });

  it('can be refused by who was given it', async () => {
    const { id } = await bob.ok('share', snapshotId, '--with', adaId, '--until', tomorrow());
    expect((await ada.ok('snapshot', 'list')).items).toMatchObject([
      { owner: 'shared', files: expect.any(Number) },
    ]);

    await ada.ok('share', 'revoke', id);

    expect((await bob.ok('share', 'list')).items).toEqual([]);
  });
});

describe('a private package', () => {
  it('is nobody’s business, also for who adds the same file', async () => {
    const file = join(household.room, 'private.ipa');
    await writeFile(file, buildPackage({ bundleId: 'com.example.private' }));
    const added = await bob.ok('app', 'add', '--private', file);
    expect((await ada.ok('app', 'list')).items).toEqual([]);

    const second = await ada.ok('app', 'add', file);

    expect(second.items).toMatchObject([{ status: 'added' }]);
    expect(second.items[0]?.artifactId).not.toBe(added.items[0]?.artifactId);
    expect((await ada.ok('app', 'list')).items).toMatchObject([{ versions: 1, artifacts: 1 }]);
    const versions = await ada.ok('app', 'versions', 'com.example.private');
    expect(versions.items[0]?.artifacts).toMatchObject([
      { id: second.items[0]?.artifactId, private: false },
    ]);
    expect((await bob.ok('app', 'list')).items).toMatchObject([{ versions: 1, artifacts: 2 }]);
    const { items } = await run<Schemas['AuditPageDto']>(ada, 'admin', 'audit');
    expect(JSON.stringify(items)).not.toContain(added.items[0]?.artifactId);
  });

  it('is made of one in the library, and given back to it', async () => {
    const { items } = await ada.ok('app', 'versions', 'com.example.private');
    const id = items[0]?.artifacts[0]?.id ?? '';
    expect(await refused(bob, 'app', 'private', id)).toBe('NOT_FOUND');

    await ada.ok('app', 'private', id);
    expect((await bob.ok('app', 'list')).items).toMatchObject([{ artifacts: 1 }]);

    await ada.ok('app', 'private', id, '--undo');
    expect((await bob.ok('app', 'list')).items).toMatchObject([{ artifacts: 2 }]);
  });
});

describe('a device', () => {
  it('keeps the name it is given when the next backup brings another', async () => {
    await bob.ok('device', 'rename', PHONE, 'Bob’s old phone');
    await bob.ok('push', await phone(PHONE, '2026-02-01T10:00:00Z'));

    expect(await bob.ok('device', 'show', PHONE)).toMatchObject({
      name: 'Bob’s old phone',
      snapshots: 2,
    });
  });

  it('that replaced another goes on with its timeline', async () => {
    const pushed = await bob.ok('push', await phone(NEW_PHONE, '2026-03-01T10:00:00Z'));

    await bob.ok('device', 'continue', NEW_PHONE, PHONE);

    expect((await bob.ok('device', 'list')).items).toMatchObject([
      { udid: NEW_PHONE, snapshots: 3, latestSnapshotId: pushed.snapshotId },
    ]);
    expect((await bob.ok('snapshot', 'list', '--device', NEW_PHONE)).items).toHaveLength(3);
    expect((await bob.ok('device', 'list', '--all')).items).toHaveLength(2);
    expect(await refused(bob, 'device', 'continue', PHONE, NEW_PHONE)).toBe('INPUT_INVALID');
  });

  it('is pushed for by whom its owner allows, until then by administrators and nobody else', async () => {
    const { id } = await ada
      .ok('device', 'list', '--everybody')
      .then(({ items }) => items.find(({ name }) => name === 'Bob’s old phone') ?? { id: '' });
    await ada.ok('device', 'assign', id, adaId);
    const folder = await phone(PHONE, '2026-04-01T10:00:00Z');
    expect(await refused(bob, 'push', folder)).toBe('FORBIDDEN');

    await ada.ok('device', 'allow', id, bobId);
    // So that no nightly push becomes somebody else's unnoticed.
    expect(await refused(bob, 'push', folder)).toBe('DEVICE_OF_ANOTHER');
    const pushed = await bob.ok('push', folder, '--owner', adaId);

    expect(await refused(bob, 'snapshot', 'show', pushed.snapshotId)).toBe('NOT_FOUND');
    expect((await ada.ok('snapshot', 'list')).items).toMatchObject([{ id: pushed.snapshotId }]);
  });

  it('that changed hands leaves its former owner what was theirs', async () => {
    const old = await run<Schemas['SnapshotPageDto']>(bob, 'snapshot', 'list', '--device', PHONE);

    expect(old.items).toHaveLength(2);
    expect(old.items[0]).toMatchObject({ owner: 'me', deviceName: 'iPhone of Bob' });
    expect(await bob.ok('device', 'show', PHONE)).toMatchObject({ owner: 'former', snapshots: 2 });
  });

  it('of the household is everybody’s', async () => {
    const udid = '00008110-00000000000000C1';
    const folder = await phone(udid, '2026-05-01T10:00:00Z');

    const pushed = await bob.ok('push', folder, '--owner', 'household');

    expect(await ada.ok('snapshot', 'show', pushed.snapshotId)).toMatchObject({
      owner: 'household',
    });
    expect(await ada.ok('device', 'show', udid)).toMatchObject({
      owner: 'household',
      snapshots: 1,
    });
  });

  it('that is retired is hidden until it is asked for', async () => {
    await bob.ok('device', 'retire', NEW_PHONE);

    const udids = (await bob.ok('device', 'list')).items.map(({ udid }) => udid);
    expect(udids).not.toContain(NEW_PHONE);
    expect((await bob.ok('device', 'list', '--all')).items.map(({ udid }) => udid)).toContain(
      NEW_PHONE,
    );
  });
});
