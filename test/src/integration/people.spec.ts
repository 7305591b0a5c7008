import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authenticate } from '@rootcellar/archive';
import { createMemoryObjectStore } from '@rootcellar/object-store';
import type { OpenArchive } from '@rootcellar/platform';
import { SET_UP, openOn } from './test-archive.js';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

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
    for (const table of ['household', 'account', 'member', 'credential']) {
      expect(await database.query<object[]>(`select from ${table}`)).toHaveLength(1);
    }
  });
});

describe('a sign-in', () => {
  async function signIn(computerName: string): Promise<string> {
    const [{ email } = { email: '' }] = await opened.database.query<{ email: string }[]>(
      'select email from account',
    );
    const outcome = await opened.archive.signIn.execute({
      ...{ email: email.toUpperCase(), password: SET_UP.password, computerName, kind: 'token' },
      from: '127.0.0.1',
    });
    if (outcome.status !== 'signed-in') throw new Error('more is asked for');
    return outcome.token;
  }

  it('is found by the address in any case, and neither token nor password is stored', async () => {
    const token = await signIn('one computer');

    const principal = await authenticate(opened.archive.people, token);

    expect(principal).toMatchObject({ membership: { role: 'admin' } });
    const dump = JSON.stringify(
      await opened.database.query(
        'select credential, member, account from credential, member, account',
      ),
    );
    expect(dump).toContain('one computer');
    expect(dump).not.toContain(token);
    expect(dump).not.toContain(SET_UP.password);
  });

  it('is over as soon as it is taken back', async () => {
    const { people } = opened.archive;
    const token = await signIn('another computer');
    const { credentialId } = await authenticate(people, token);

    await people.removeCredential(credentialId);

    await expect(authenticate(people, token)).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
  });

  it('is over when its time is', async () => {
    const token = await signIn('a computer of the past');
    await opened.database.query(
      `update credential set expires_at = now() - interval '1 second' where name = 'a computer of the past'`,
    );

    await expect(authenticate(opened.archive.people, token)).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN',
    });
  });
});
