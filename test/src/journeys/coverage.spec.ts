import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildBackup, buildPackage, writeBinaryPlist } from '@rootcellar/ios/testing';
import type { BackupSpec } from '@rootcellar/ios/testing';
import { PASSWORD, openHousehold } from '@rootcellar/testkit';
import type { Agent, Household } from '@rootcellar/testkit';
import { addSecondMember } from '../api/second-member.js';
import { coverageOf } from './expected-coverage.js';
import type { Coverage } from './expected-coverage.js';

const NOTES = 'com.example.notes';
const PRIVATE = 'com.example.secret';
const PHONE: BackupSpec = {
  apps: [
    { bundleId: NOTES, itemName: 'Notes' },
    { bundleId: PRIVATE },
    { bundleId: 'org.whispersystems.signal' },
    { bundleId: 'com.example.away', offloaded: true },
  ],
  files: [
    { domain: `AppDomain-${NOTES}`, path: 'Documents/a.txt', content: '12345' },
    { domain: `AppDomain-${NOTES}`, path: 'Documents/lost.txt', content: 'x', missing: true },
    { domain: `AppDomainGroup-group.${NOTES}.shared`, path: 'b', content: '678' },
    { domain: `AppDomain-${PRIVATE}`, path: 'secret.txt', content: 'a secret' },
    { domain: 'HomeDomain', path: 'Library/SMS/sms.db', content: 'messages' },
    {
      ...{ domain: 'CameraRollDomain', path: 'Media/PhotoData/CPL/syncstatus.plist' },
      content: writeBinaryPlist({ iCloudLibraryExists: true }),
    },
  ],
} as never;

let household: Household;
let bob: Agent;
let bobId: string;
let snapshotId: string;
beforeAll(async () => {
  household = await openHousehold();
  const { agent, room, service } = household;
  bobId = await addSecondMember(service, { email: 'bob@example.org', role: 'member' });
  bob = household.newAgent('bob');
  await mkdir(bob.home, { recursive: true });
  const password = join(bob.home, 'password');
  await writeFile(password, PASSWORD);
  await bob.ok('login', '--email', 'bob@example.org', '--password-file', password);
  const { folder } = await buildBackup(join(room, 'phone'), PHONE);
  ({ snapshotId } = await agent.ok('push', folder, '--accept-incomplete'));
  await writeFile(join(room, 'secret.ipa'), buildPackage({ bundleId: PRIVATE }));
  await agent.ok('app', 'add', '--private', join(room, 'secret.ipa'));
});
afterAll(async () => household.close());

async function shown(agent: Agent, id: string): Promise<Coverage> {
  return coverageOf(await agent.ok('snapshot', 'show', id));
}

const saidOf = ({ checklist }: Coverage, about: string): string[] =>
  checklist.filter((line) => line.about === about).map(({ reason }) => reason);

describe('what is in a snapshot', () => {
  it('is counted from its own list, by what arrived', async () => {
    const coverage = await shown(household.agent, snapshotId);

    expect(coverage).toMatchObject({
      ...{ counted: true, only: null, cloud: { photos: 'on', messages: 'unknown' } },
      total: { files: 6, missingFiles: 1 },
      payloads: { files: 5 },
    });
    expect(
      coverage.apps.map(({ bundleId, content, amount }) => [bundleId, content, amount]),
    ).toEqual([
      ['com.example.away', 'empty', { files: 0, bytes: 0, missingFiles: 0 }],
      [NOTES, 'data', { files: 3, bytes: 8, missingFiles: 1 }],
      [PRIVATE, 'data', { files: 1, bytes: 8, missingFiles: 0 }],
      ['org.whispersystems.signal', 'empty', { files: 0, bytes: 0, missingFiles: 0 }],
    ]);
  });

  it('is followed by what becomes of it', async () => {
    const coverage = await shown(household.agent, snapshotId);

    expect(saidOf(coverage, 'app:com.example.away')).toEqual(['offloaded']);
    expect(saidOf(coverage, `app:${NOTES}`)).toEqual(['no-package']);
    expect(saidOf(coverage, `app:${PRIVATE}`)).toEqual([]);
    expect(saidOf(coverage, 'app:org.whispersystems.signal')).toEqual(['known-for', 'no-package']);
    const outcomes = new Map(coverage.checklist.map(({ about, outcome }) => [about, outcome]));
    expect(outcomes.get('messages')).toBe('comes-back');
    expect(outcomes.get('photos')).toBe('fetch-afterwards');
    expect(outcomes.get('health')).toBe('gone');
  });
});

describe('whom one app’s data were shared with', () => {
  it('hears of that app alone, and not which packages others keep for themselves', async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const share = ['share', snapshotId, '--with', bobId, '--until', until, '--app'];
    await household.agent.ok(...share, NOTES);

    const first = await shown(bob, snapshotId);

    expect(first).toMatchObject({
      ...{ only: [NOTES], payloads: null, areas: [], cloud: { photos: 'unknown' } },
      total: { files: 3, bytes: 8, missingFiles: 1 },
    });
    expect(first.apps.map(({ bundleId }) => bundleId)).toEqual([NOTES]);
    expect(first.domains.map(({ domain }) => domain)).toEqual([
      `AppDomain-${NOTES}`,
      `AppDomainGroup-group.${NOTES}.shared`,
    ]);
    expect(first.checklist.map(({ about }) => about)).toEqual([`app:${NOTES}`]);

    await household.agent.ok(...share, PRIVATE);
    const second = await shown(bob, snapshotId);
    expect(second.apps.map(({ bundleId, packageKept }) => [bundleId, packageKept])).toEqual([
      [NOTES, false],
      [PRIVATE, false],
    ]);
  });
});

describe('an encrypted backup', () => {
  it('is told of by its lists and what is stored, and says what only the password would show', async () => {
    const { agent, room } = household;
    const spec = { ...PHONE, encrypted: true, udid: '00008110-00000000000000C0' };
    const { folder } = await buildBackup(join(room, 'encrypted'), spec);
    const pushed = await agent.ok('push', folder, '--accept-incomplete');

    const coverage = await shown(agent, pushed.snapshotId);

    expect(coverage).toMatchObject({ counted: false, total: null, payloads: { files: 5 } });
    expect(coverage.apps).toHaveLength(4);
    expect(coverage.apps[0]).toMatchObject({ content: 'unknown', amount: null });
    expect(saidOf(coverage, 'password')).toEqual(['password']);
  });
});
