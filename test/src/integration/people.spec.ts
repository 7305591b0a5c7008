import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { authenticate } from '@rootcellar/archive';
import { createMemoryObjectStore } from '@rootcellar/object-store';
import type { OpenArchive } from '@rootcellar/platform';
import { SET_UP, openOn } from './test-archive.js';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

jest.setTimeout(60_000);

let server: TestServer;
let opened: OpenArchive;
beforeAll(async () => {
  server = await startTestServer();
  opened = await openOn(server, createMemoryObjectStore());
});
afterAll(async () => {
  await opened.close();
  await server[Symbol.asyncDispose]();
});

describe('the first set-up', () => {
  it('succeeds once when several try at a time, and leaves one household', async () => {
    const { archive, database } = opened;
    const people = ['ada', 'bob', 'eve'].map((name) => ({
      ...SET_UP,
      ...{ name, email: `${name}@example.org` },
    }));

    const results = await Promise.allSettled(
      people.map(async (person) => archive.setUpHousehold.execute(person)),
    );

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = results.filter((result) => result.status === 'rejected');
    for (const { reason } of refusals) expect(reason).toMatchObject({ code: 'SETUP_DONE' });
    for (const table of ['household', 'member', 'credential']) {
      expect(await database.query<object[]>(`select from ${table}`)).toHaveLength(1);
    }
  });
});

describe('a sign-in', () => {
  it('is found by the address in any case, works until it ends, and is never stored itself', async () => {
    const { archive, database } = opened;
    const [{ email } = { email: '' }] = await database.query<{ email: string }[]>(
      'select email from member',
    );
    const computerName = 'another computer';

    const { token, memberId } = await archive.signIn.execute({
      ...{ email: email.toUpperCase(), password: SET_UP.password, computerName },
    });

    const actor = await authenticate(archive.people, token);
    expect(actor).toMatchObject({ memberId, role: 'admin' });
    const dump = JSON.stringify(await database.query('select * from credential, member'));
    expect(dump).not.toContain(token);
    expect(dump).not.toContain(SET_UP.password);
    await database.query(
      `update credential set expires_at = now() - interval '1 second' where id = $1`,
      [actor.credentialId],
    );
    await expect(authenticate(archive.people, token)).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN',
    });
  });
});
