import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authenticate, memberActing } from '@rootcellar/archive';
import type { Principal } from '@rootcellar/archive';
import { principalOf } from '../acting-as.js';
import { PERSON, comeIn } from './come-in.js';
import { SET_UP, openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

let test: TestArchive;
beforeAll(async () => {
  test = await openTestArchive();
});
afterAll(async () => test[Symbol.asyncDispose]());

const NOT_VALID = { code: 'NOT_FOUND', message: expect.stringContaining('not valid') };

async function invite(role: 'admin' | 'member' | 'limited' = 'member'): Promise<string> {
  const { token } = await test.archive.invitations.create(test.actor, { role, name: 'Guest' });
  return token;
}

async function accept(token: string, name: string): Promise<Principal> {
  const person = { ...PERSON, token, name, email: `${name.toLowerCase()}@example.org` };
  const origin = { address: '192.0.2.9', agent: `browser of ${name}` };
  const signedIn = await test.archive.invitations.accept({ ...person, origin });
  return authenticate(test.archive.people, signedIn.token);
}

describe('an invitation', () => {
  it('says what it is for, lets one person in, and is not stored itself', async () => {
    const token = await invite('limited');

    expect(await test.archive.invitations.look(token)).toMatchObject({
      ...{ householdName: 'Test', invitedBy: 'Ada', role: 'limited', name: 'Guest' },
    });
    const kim = await accept(token, 'Kim');

    expect(kim.membership).toMatchObject({ householdId: test.actor.householdId, role: 'limited' });
    await expect(accept(token, 'Eve')).rejects.toMatchObject(NOT_VALID);
    await expect(test.archive.invitations.look(token)).rejects.toMatchObject(NOT_VALID);
    const stored = JSON.stringify(await test.database.query('select * from invitation, audit'));
    expect(stored).not.toContain(token);
    expect(
      await test.database.query(
        `select action, from_address as address from audit where from_agent = 'browser of Kim' order by seq`,
      ),
    ).toEqual(['joined', 'signed-in'].map((action) => ({ action, address: '192.0.2.9' })));
  });

  it('of several who accept at a time lets one in', async () => {
    const token = await invite();
    const names = ['Una', 'Dos', 'Tres', 'Four'];

    const results = await Promise.allSettled(names.map(async (name) => accept(token, name)));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = results.filter((result) => result.status === 'rejected');
    for (const { reason } of refusals) expect(reason).toMatchObject(NOT_VALID);
    const members = await test.database.query<object[]>(
      'select from account where name = any($1)',
      [names],
    );
    expect(members).toHaveLength(1);
  });

  it.each([
    ['revoked', `revoked_at = now()`],
    ['over', `expires_at = now() - interval '1 second'`],
  ])('that is %s answers like one nobody knows', async (_, change) => {
    const token = await invite();
    await test.database.query(`update invitation set ${change} where accepted_at is null`);

    const [known, unknown] = await Promise.allSettled([
      test.archive.invitations.look(token),
      test.archive.invitations.look('rc_nobody'),
    ]);

    expect(known).toEqual(unknown);
    expect(known).toMatchObject({ status: 'rejected', reason: NOT_VALID });
    await expect(accept(token, 'Late')).rejects.toMatchObject(NOT_VALID);
  });

  it.each(['a member', 'nobody any more'])('of an inviter who is %s is void', async (now) => {
    const name = now === 'a member' ? 'Lia' : 'Max';
    const inviter = await comeIn(test.archive, test.actor, { name, role: 'admin' });
    const { token } = await test.archive.invitations.create(inviter.actor, { role: 'admin' });
    await test.archive.invitations.look(token);

    const { memberId } = inviter.actor;
    await (now === 'a member'
      ? test.archive.members.change(test.actor, memberId, { role: 'member' })
      : test.archive.endMembership.remove(test.actor, memberId, {
          ...{ data: 'bin', confirm: [name], dryRun: false },
        }));

    await expect(accept(token, 'Eve')).rejects.toMatchObject(NOT_VALID);
  });

  it('is made and revoked by administrators of its household only', async () => {
    const { archive, actor } = test;
    const bob = await comeIn(archive, actor, { name: 'Bob' });
    const other = await archive.invitations.createHousehold(actor, {
      ...{ name: 'Other', timeZone: 'UTC' },
    });
    const { id } = await archive.invitations.create(actor, { role: 'member' });

    const forbidden = { code: 'FORBIDDEN' };
    const { invitations } = archive;
    await expect(invitations.create(bob.actor, { role: 'member' })).rejects.toMatchObject(
      forbidden,
    );
    await expect(invitations.revoke(bob.actor, id)).rejects.toMatchObject(forbidden);
    await expect(invitations.revoke(actor, other.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await invitations.revoke(actor, id);
    await expect(invitations.revoke(actor, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('for an address that signs in already is not spent, but after five tries it is void', async () => {
    const token = await invite();

    for (let left = 5; left > 0; left -= 1) {
      const person = { ...PERSON, token, name: 'Eve', email: SET_UP.email.toUpperCase() };
      await expect(test.archive.invitations.accept(person)).rejects.toMatchObject({
        code: 'ACCOUNT_EXISTS',
      });
      if (left > 1) await test.archive.invitations.look(token);
    }

    await expect(accept(token, 'Eve')).rejects.toMatchObject(NOT_VALID);
  });
});

describe('an account', () => {
  it('joins a second household, and its sign-in changes between them', async () => {
    const { archive, actor } = test;
    const created = await archive.invitations.createHousehold(actor, {
      ...{ name: 'The Bobs', timeZone: 'Europe/Paris' },
    });
    const liv = await comeIn(archive, actor, { name: 'Liv' });
    const principal = await authenticate(archive.people, liv.token);

    const joined = await archive.invitations.join(principal, created.token);

    expect(joined).toMatchObject({ householdId: created.householdId, householdName: 'The Bobs' });
    const still = await authenticate(archive.people, liv.token);
    expect(still.membership).toEqual(principal.membership);
    await archive.people.switchHousehold(principal, created.householdId);
    const now = await authenticate(archive.people, liv.token);
    expect(now.membership).toMatchObject({ memberId: joined.memberId, role: 'admin' });
    expect(await archive.people.householdsOf(principal.accountId)).toMatchObject([
      { householdName: 'Test', role: 'member' },
      { householdName: 'The Bobs', role: 'admin' },
    ]);
  });

  it('does not join twice, and the invitation is still good', async () => {
    const token = await invite();
    const ada = principalOf(test.actor);

    await expect(test.archive.invitations.join(ada, token)).rejects.toMatchObject({
      code: 'MEMBER_ALREADY',
    });
    await test.archive.invitations.look(token);
  });

  it('does not change to a household it does not belong to', async () => {
    const { archive, actor } = test;
    const { householdId } = await archive.invitations.createHousehold(actor, {
      ...{ name: 'Strangers', timeZone: 'UTC' },
    });

    expect(await archive.people.switchHousehold(actor, householdId)).toBeUndefined();
  });

  it('of an operator makes households, nobody else', async () => {
    const { archive, actor } = test;
    const ann = await comeIn(archive, actor, { name: 'Ann', role: 'admin' });
    const wanted = { name: 'Mine', timeZone: 'UTC' };
    const principal = principalOf(ann.actor);

    await expect(archive.invitations.createHousehold(principal, wanted)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(memberActing(await authenticate(archive.people, ann.token)).operator).toBe(false);
  });
});
