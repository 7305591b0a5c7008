import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authenticate, issueSignIn } from '@rootcellar/archive';
import type { EndingWish } from '@rootcellar/archive';
import { systemClock } from '@rootcellar/model';
import { comeIn } from './come-in.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

const HOUSEHOLD = 'Test';

let test: TestArchive;
beforeAll(async () => {
  test = await openTestArchive();
});
afterAll(async () => test[Symbol.asyncDispose]());

function wish(data: EndingWish['data'], confirm: string): EndingWish {
  return { data, confirm: [confirm], dryRun: false };
}

async function audited(action: string): Promise<string[]> {
  const found = await test.database.query<{ subject: string }[]>(
    'select subject from audit where action = $1 order by id',
    [action],
  );
  return found.map(({ subject }) => subject);
}

describe('the last administrator', () => {
  it('stays one, also when two give it up at a time', async () => {
    const { archive, actor } = test;
    const last = { code: 'LAST_ADMINISTRATOR' };
    await expect(
      archive.members.change(actor, actor.memberId, { role: 'member' }),
    ).rejects.toMatchObject(last);
    for (const data of ['bin', 'export'] as const) {
      await expect(archive.endMembership.leave(actor, wish(data, HOUSEHOLD))).rejects.toMatchObject(
        last,
      );
    }

    const mia = await comeIn(archive, actor, { name: 'Mia', role: 'admin' });
    const results = await Promise.allSettled([
      archive.members.change(actor, actor.memberId, { role: 'member' }),
      archive.members.change(mia.actor, mia.actor.memberId, { role: 'member' }),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await test.database.query(`update member set role = 'admin' where id = $1`, [actor.memberId]);
  });
});

describe('somebody of two households', () => {
  it('goes on in the other with the browser, and with nothing else', async () => {
    const { archive, actor } = test;
    const { people } = archive;
    const ned = await comeIn(archive, actor, { name: 'Ned' });
    const other = await archive.invitations.createHousehold(actor, {
      ...{ name: 'The Neds', timeZone: 'UTC' },
    });
    const joined = await archive.invitations.join(
      await authenticate(people, ned.token),
      other.token,
    );
    const { accountId, memberId } = ned.actor;
    const browser = await issueSignIn(people, systemClock, {
      ...{ accountId, memberId, kind: 'session', computerName: 'browser' },
    });
    await authenticate(people, browser.token);

    await archive.endMembership.remove(actor, memberId, wish('bin', 'Ned'));

    const { membership } = await authenticate(people, browser.token);
    expect(membership).toMatchObject({ householdId: other.householdId, memberId: joined.memberId });
    await expect(authenticate(people, ned.token)).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
  });
});

describe('names and roles', () => {
  it('are changed by administrators, one’s own name by oneself, and told in the trail', async () => {
    const { archive, actor } = test;
    const { members } = archive;
    const oli = await comeIn(archive, actor, { name: 'Oli', role: 'limited' });
    const { memberId } = oli.actor;

    await members.change(oli.actor, memberId, { name: 'Olivia' });
    await members.change(actor, memberId, { role: 'member' });

    const { membership } = await authenticate(archive.people, oli.token);
    expect(membership?.role).toBe('member');
    expect(await audited('renamed')).toContain('Oli → Olivia');
    expect(await audited('role-changed')).toContain('Olivia: limited → member');
    const forbidden = { code: 'FORBIDDEN' };
    await expect(members.change(oli.actor, memberId, { role: 'admin' })).rejects.toMatchObject(
      forbidden,
    );
    await expect(members.change(oli.actor, actor.memberId, { name: 'X' })).rejects.toMatchObject(
      forbidden,
    );
  });
});
