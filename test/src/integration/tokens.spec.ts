import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authenticate } from '@rootcellar/archive';
import type { Principal } from '@rootcellar/archive';
import { listTokens } from '@rootcellar/catalog/queries';
import { principalOf } from '../acting-as.js';
import { comeIn } from './come-in.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

let test: TestArchive;
let ada: Principal;
let bob: Principal;
beforeAll(async () => {
  test = await openTestArchive();
  ada = principalOf(test.actor);
  const { actor } = await comeIn(test.archive, test.actor, { name: 'Bob' });
  bob = principalOf(actor);
});
afterAll(async () => test[Symbol.asyncDispose]());

async function names(principal: Principal): Promise<string[]> {
  const page = await listTokens(test.database, principal, { cursor: undefined, limit: 100 });
  return page.items.map(({ name }) => name);
}

describe('a token', () => {
  it('is for the household and scope it was made for, and is not stored itself', async () => {
    const wanted = { name: 'NAS', scope: 'push', expiresAt: undefined } as const;
    const { id, token } = await test.archive.tokens.create(bob, wanted);

    const principal = await authenticate(test.archive.people, token);

    expect(principal).toMatchObject({ scope: 'push', kind: 'token', membership: bob.membership });
    expect(principal.credentialId).toBe(id);
    const stored = JSON.stringify(await test.database.query('select * from credential, audit'));
    expect(stored).toContain('NAS');
    expect(stored).not.toContain(token);
  });

  it('is never wider than the sign-in that makes it', async () => {
    for (const [has, wants] of [
      ['push', 'restore'],
      ['push', 'admin'],
      ['restore', 'admin'],
    ] as const) {
      const narrow = { ...bob, scope: has };
      const wanted = { name: 'wider', scope: wants, expiresAt: undefined };
      await expect(test.archive.tokens.create(narrow, wanted)).rejects.toMatchObject({
        code: 'SCOPE_TOO_NARROW',
      });
    }
    expect(await names(bob)).not.toContain('wider');
  });

  it('ends with its time', async () => {
    const { tokens, people } = test.archive;
    const past = { name: 'past', scope: 'push', expiresAt: new Date(Date.now() - 1) } as const;
    await expect(tokens.create(bob, past)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const soon = { name: 'soon', scope: 'push', expiresAt: new Date(Date.now() + 1500) } as const;
    const { token } = await tokens.create(bob, soon);
    await test.database.query(
      `update credential set expires_at = now() - interval '1 second' where name = 'soon'`,
    );

    await expect(authenticate(people, token)).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
  });

  it('is seen and revoked by who made it and by administrators, by name', async () => {
    const { tokens, people } = test.archive;
    const wanted = { scope: 'restore', expiresAt: undefined } as const;
    const bobs = await tokens.create(bob, { ...wanted, name: 'of Bob' });
    const adas = await tokens.create(ada, { ...wanted, name: 'of Ada' });

    expect(await names(bob)).toEqual(expect.arrayContaining(['of Bob']));
    expect(await names(bob)).not.toContain('of Ada');
    expect(await names(ada)).toEqual(expect.arrayContaining(['of Bob', 'of Ada']));
    await expect(tokens.revoke(bob, adas.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await tokens.revoke(ada, bobs.id);
    await expect(authenticate(people, bobs.token)).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    await authenticate(people, adas.token);
    const [told] = await test.database.query<{ actor_id: string; subject: string }[]>(
      `select actor_id, subject from audit where action = 'token-revoked'`,
    );
    expect(told).toEqual({ actor_id: test.actor.memberId, subject: 'of Bob, restore' });
  });

  it('of another household is not there', async () => {
    const { archive, actor } = test;
    const other = await archive.invitations.createHousehold(actor, { name: 'O', timeZone: 'UTC' });
    const eve = await archive.invitations.accept({
      ...{ token: other.token, name: 'Eve', email: 'eve@example.org', kind: 'token' },
      ...{ password: 'correct horse battery staple', computerName: 'pc' },
    });
    const principal = await authenticate(archive.people, eve.token);
    const wanted = { name: 'of Ada too', scope: 'push', expiresAt: undefined } as const;
    const { id } = await archive.tokens.create(ada, wanted);

    expect(await names(principal)).toEqual([]);
    await expect(archive.tokens.revoke(principal, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('cannot end a sign-in of a person', async () => {
    await expect(test.archive.tokens.revoke(bob, bob.credentialId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
