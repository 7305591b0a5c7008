import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildBackup } from '@rootcellar/ios/testing';
import { PASSWORD, differences, openHousehold } from '@rootcellar/testkit';
import type { Agent, Household } from '@rootcellar/testkit';

let household: Household;
/** Administrator of the first household, and operator. */
let ada: Agent;
let bob: Agent;
beforeAll(async () => {
  household = await openHousehold();
  ada = household.agent;
});
afterAll(async () => household.close());

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(household.room, name);
  await writeFile(path, `${text}\n`, { mode: 0o600 });
  return path;
}

async function passwordFile(): Promise<string> {
  return fileOf('password', PASSWORD);
}

/** Somebody new of the household of `by`, on a computer of their own. */
async function newcomer(name: string, role = 'member', by = ada): Promise<Agent> {
  const { link } = await by.ok('member', 'invite', '--role', role, '--name', name);
  return comesIn(name, link);
}

async function comesIn(name: string, link: string): Promise<Agent> {
  const agent = household.newAgent(name);
  await agent.ok(
    ...['join', '--invitation-file', await fileOf(`invitation of ${name}`, link)],
    ...['--name', name, '--email', `${name.toLowerCase()}@example.org`],
    ...['--password-file', await passwordFile()],
  );
  return agent;
}

let phones = 0;
async function pushPhone(agent: Agent): Promise<{ readonly id: string; readonly folder: string }> {
  phones += 1;
  const { folder } = await buildBackup(join(household.room, `phone ${String(phones)}`), {
    udid: `00008110-${String(phones).padStart(16, '0')}`,
    deviceName: `Phone ${String(phones)}`,
  });
  const { snapshotId } = await agent.ok('push', folder);
  return { id: snapshotId, folder };
}

let restores = 0;
async function restored(agent: Agent, id: string): Promise<string | undefined> {
  restores += 1;
  const to = join(household.room, `restored ${String(restores)}`);
  const end = await agent.run('restore', id, '--to', to);
  return end.code === 0 ? end.json().path : undefined;
}

async function refused(
  agent: Agent,
  ...command: readonly string[]
): Promise<[number | null, string]> {
  const end = await agent.run(...command);
  return [end.code, end.json().error.code];
}

describe('an invitation', () => {
  it('lets a person in once, on a computer of their own', async () => {
    const { link } = await ada.ok('member', 'invite', '--name', 'Bob');
    bob = await comesIn('Bob', link);

    expect(await bob.ok('whoami')).toMatchObject({
      ...{ name: 'Bob', role: 'member', householdName: 'Test', operator: false },
    });
    const late = household.newAgent('late');
    const invitation = await fileOf('invitation of Bob', link);
    expect(
      await refused(
        late,
        ...['join', '--invitation-file', invitation, '--name', 'Eve', '--email', 'eve@example.org'],
        ...['--password-file', await passwordFile()],
      ),
    ).toEqual([10, 'NOT_FOUND']);
  });

  it('is listed and taken back', async () => {
    const { id } = await ada.ok('member', 'invite', '--role', 'limited', '--name', 'Kim');
    expect((await ada.ok('member', 'invitations')).items.map((each) => each.id)).toContain(id);

    await ada.ok('member', 'invitations', '--revoke', id);

    expect((await ada.ok('member', 'invitations')).items.map((each) => each.id)).not.toContain(id);
    expect(await refused(bob, 'member', 'invitations')).toEqual([12, 'FORBIDDEN']);
  });
});

describe('two households', () => {
  it('are apart, and a person of both changes between them', async () => {
    const here = await pushPhone(bob);
    const { link } = await ada.ok('household', 'create', 'Next door', '--time-zone', 'UTC');

    await bob.ok('join', '--invitation-file', await fileOf('to next door', link));

    expect((await bob.ok('whoami')).householdName).toBe('Test');
    await bob.ok('household', 'use', 'next door');
    expect(await bob.ok('whoami')).toMatchObject({ householdName: 'Next door', role: 'admin' });
    expect((await bob.ok('snapshot', 'list')).items).toEqual([]);
    expect(await restored(bob, here.id)).toBeUndefined();
    const there = await pushPhone(bob);

    const [first, second] = (await bob.ok('household', 'list')).items;
    expect([first, second]).toMatchObject([
      { householdName: 'Test', current: false },
      { householdName: 'Next door', current: true },
    ]);
    const other = household.newAgent('other computer of Bob');
    const password = ['--email', 'bob@example.org', '--password-file', await passwordFile()];
    await other.ok('login', ...password, '--household', 'Test');
    expect((await other.ok('snapshot', 'list')).items.map(({ id }) => id)).toEqual([here.id]);
    expect(await restored(other, there.id)).toBeUndefined();
    expect(await refused(other, 'household', 'use', 'Elsewhere')).toEqual([10, 'NOT_FOUND']);
  });

  it('are the operator’s to count, and nothing of them to see', async () => {
    const { items } = await ada.ok('household', 'list', '--all');

    expect(items.map(({ name }) => name)).toEqual(['Test', 'Next door']);
    expect(JSON.stringify(items)).not.toContain('Phone');
    const accounts = JSON.stringify(await ada.ok('household', 'accounts'));
    expect(accounts).toContain('bob@example.org');
    expect(await refused(bob, 'household', 'list', '--all')).toEqual([12, 'FORBIDDEN']);
    expect(await refused(bob, 'household', 'accounts')).toEqual([12, 'FORBIDDEN']);
  });
});

describe('a removal', () => {
  it('says what it would do, puts snapshots into the bin, and leaves the other household alone', async () => {
    const cleo = await newcomer('Cleo');
    const pushed = await pushPhone(cleo);
    const command = ['member', 'remove', 'Cleo', '--bin'];

    expect(await ada.ok(...command, '--dry-run')).toMatchObject({
      ...{ status: 'planned', devices: 1, snapshots: 1, confirm: 'Cleo' },
    });
    expect(await refused(ada, ...command)).toEqual([11, 'CONFIRMATION_NEEDED']);
    await ada.ok(...command, '--confirm', 'Cleo');

    expect(await refused(cleo, 'whoami')).toEqual([12, 'NOT_SIGNED_IN']);
    expect((await ada.ok('bin', 'list')).items.map(({ id }) => id)).toContain(pushed.id);
    expect(await restored(ada, pushed.id)).toBeUndefined();
    expect((await ada.ok('member', 'list')).items.map(({ name }) => name)).not.toContain('Cleo');
  });

  it('hands over what its owner agrees to hand over, and not before', async () => {
    const dan = await newcomer('Dan');
    const eli = await newcomer('Eli');
    const pushed = await pushPhone(eli);

    const asked = ['member', 'remove', 'Eli', '--hand-over-to', 'Dan', '--confirm', 'Eli'];
    expect(await ada.ok(...asked)).toMatchObject({ status: 'waiting' });
    expect(await restored(dan, pushed.id)).toBeUndefined();
    await eli.ok('member', 'leave', '--hand-over-to', 'Dan', '--confirm', 'Test');

    const folder = await restored(dan, pushed.id);
    expect(await differences(pushed.folder, folder ?? '')).toEqual([]);
    expect(await restored(ada, pushed.id)).toBeUndefined();
    expect(await refused(eli, 'whoami')).toEqual([12, 'NOT_SIGNED_IN']);
  });

  it('with an export lets them take along what is theirs, and bring nothing', async () => {
    const fay = await newcomer('Fay');
    const pushed = await pushPhone(fay);

    await ada.ok('member', 'remove', 'Fay', '--export', '--confirm', 'Fay');

    const folder = await restored(fay, pushed.id);
    expect(await differences(pushed.folder, folder ?? '')).toEqual([]);
    expect(await refused(fay, 'push', pushed.folder)).toEqual([12, 'MEMBER_LEAVING']);
    expect(await refused(fay, 'snapshot', 'pin', pushed.id)).toEqual([12, 'MEMBER_LEAVING']);
  });

  it('leaves an administrator', async () => {
    expect(await refused(ada, 'member', 'leave', '--bin', '--confirm', 'Test')).toEqual([
      ...[11, 'LAST_ADMINISTRATOR'],
    ]);
    expect(await refused(ada, 'member', 'role', 'Ada', 'member')).toEqual([
      ...[11, 'LAST_ADMINISTRATOR'],
    ]);
  });
});

describe('a token', () => {
  it('to push with does that and no more, until it is revoked', async () => {
    const file = join(household.room, 'token');
    const { id } = await ada.ok(
      ...['token', 'create', '--scope', 'push', '--name', 'NAS', '--expires', '30', '--out', file],
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const nas = household.newAgent('nas');
    await nas.ok('login', '--token-file', file);

    const pushed = await pushPhone(nas);

    for (const command of [
      ['snapshot', 'list'],
      ['restore', pushed.id, '--to', join(household.room, 'stolen')],
      ['snapshot', 'forget', pushed.id],
      ['admin', 'gc'],
      ['token', 'create', '--scope', 'push', '--name', 'more'],
      ['member', 'invite'],
    ])
      expect(await refused(nas, ...command)).toEqual([12, 'SCOPE_TOO_NARROW']);
    const [listed] = (await ada.ok('token', 'list')).items.filter((each) => each.id === id);
    expect(listed).toMatchObject({ name: 'NAS', scope: 'push', lastUsedAt: expect.any(String) });
    await ada.ok('token', 'revoke', id);
    expect(await refused(nas, 'whoami')).toEqual([12, 'NOT_SIGNED_IN']);
    expect((await ada.ok('snapshot', 'list')).items.map((each) => each.id)).toContain(pushed.id);
  });

  it('that cannot be written down is revoked', async () => {
    const file = await fileOf('there already', 'something');

    const create = ['token', 'create', '--scope', 'push', '--name', 'lost', '--out', file];
    expect(await refused(ada, ...create)).toEqual([2, 'INPUT_INVALID']);

    expect(await readFile(file, 'utf8')).toBe('something\n');
    expect((await ada.ok('token', 'list')).items.map(({ name }) => name)).not.toContain('lost');
  });
});

it('the trail tells administrators of all of it', async () => {
  const { items } = await ada.ok('admin', 'audit', '--limit', '1000');
  const actions = new Set((items as unknown as { action: string }[]).map(({ action }) => action));

  for (const action of [
    ...['invited', 'invitation-revoked', 'joined', 'member-removed', 'member-leaving'],
    ...['hand-over-asked', 'handed-over', 'token-created', 'token-revoked'],
  ])
    expect(actions).toContain(action);
});
