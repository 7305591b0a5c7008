import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@rootcellar/model';
import { ADMINISTRATOR, PASSWORD, openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { codeAt } from '../api/authenticator-app.js';

let household: Household;
beforeAll(async () => {
  household = await openHousehold();
});
afterAll(async () => household.close());

async function passwordFile(password: string): Promise<string> {
  const path = join(household.room, 'password');
  await writeFile(path, password);
  return path;
}

describe('a sign-in', () => {
  it('is made by setup, and kept for its owner alone', async () => {
    const { agent, service } = household;

    const me = await agent.ok('whoami');

    const { name, email } = ADMINISTRATOR;
    expect(me).toMatchObject({ name, email, role: 'admin', server: service.url });
    expect((await stat(join(agent.config, 'profiles.json'))).mode & 0o777).toBe(0o600);
  });

  it('ends with logout, on this computer and in the service', async () => {
    const { agent, service } = household;
    const profiles = await readFile(join(agent.config, 'profiles.json'), 'utf8');
    const token = /"token": "([^"]+)"/.exec(profiles)?.[1] ?? '';

    await agent.ok('logout');
    const asked = await agent.run('whoami');

    expect(asked.code).toBe(12);
    expect(asked.json().error.code).toBe('NOT_SIGNED_IN');
    const answer = await fetch(`${service.url}/api/v1/me`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(401);
  });

  it('comes back with e-mail address and password', async () => {
    const { agent } = household;

    const login = ['--email', ` ${ADMINISTRATOR.email.toUpperCase()} `];
    await agent.ok('login', ...login, '--password-file', await passwordFile(`${PASSWORD}\n`));

    expect(await agent.ok('whoami')).toMatchObject({ email: ADMINISTRATOR.email });
  });

  it.each([
    ['a wrong password', ADMINISTRATOR.email, 'wrong'],
    ['an address nobody has', 'eve@example.org', PASSWORD],
  ])('is refused for %s, and the one there was stays', async (_, email, password) => {
    const { agent } = household;

    const file = await passwordFile(password);
    const end = await agent.run('login', '--email', email, '--password-file', file);

    expect(end.code).toBe(12);
    expect(end.json().error.code).toBe('SIGN_IN_FAILED');
    expect(`${end.stdout}${end.stderr}`).not.toContain(email);
    await agent.ok('whoami');
  });

  it('belongs to one profile of a computer', async () => {
    const { agent } = household;

    const end = await agent.run('whoami', '--profile', 'other');

    expect(end.json().error.code).toBe('NOT_SIGNED_IN');
  });
});

describe('a sign-in with a second step', () => {
  async function tokenOf(): Promise<string> {
    const profiles = await readFile(join(household.agent.config, 'profiles.json'), 'utf8');
    return /"token": "([^"]+)"/.exec(profiles)?.[1] ?? '';
  }

  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${household.service.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${await tokenOf()}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as T;
  }

  it('takes a code from a file, and says so where none was given', async () => {
    const { secret } = await call<{ secret: string }>('POST', '/api/v1/me/totp');
    const { recoveryCodes } = await call<{ recoveryCodes: string[] }>(
      ...(['POST', '/api/v1/me/totp/confirm'] as const),
      { code: codeAt(secret, systemClock.now()) },
    );
    const [first = '', second = ''] = recoveryCodes;
    const codeFile = join(household.room, 'code');
    const login = ['login', '--email', ADMINISTRATOR.email, '--password-file'];
    const password = await passwordFile(PASSWORD);
    const other = household.newAgent('third');

    const unasked = await other.run(...login, password);
    expect([unasked.code, unasked.json().error.code]).toEqual([2, 'INPUT_INVALID']);
    await writeFile(codeFile, '000000');
    const wrong = await other.run(...login, password, '--code-file', codeFile);
    expect([wrong.code, wrong.json().error.code]).toEqual([12, 'SECOND_FACTOR_WRONG']);
    await writeFile(codeFile, codeAt(secret, systemClock.now(), 1));
    await other.ok(...login, password, '--code-file', codeFile);
    await writeFile(codeFile, `${first}\n`);
    await other.ok(...login, password, '--code-file', codeFile);
    await writeFile(codeFile, second);
    await household.agent.ok(...login, password, '--code-file', codeFile);

    expect(await other.ok('whoami')).toMatchObject({ email: ADMINISTRATOR.email });
  });

  it('ends elsewhere with a new password, which must not be easily guessed', async () => {
    const { agent } = household;
    const current = await passwordFile(PASSWORD);
    const next = join(household.room, 'next password');
    const change = ['password', '--current-file', current, '--password-file', next];
    await writeFile(next, 'password1');
    const weak = await agent.run(...change);
    expect(weak.json().error.code).toBe('PASSWORD_WEAK');

    await writeFile(next, 'quiet otters juggle seven lanterns');
    await agent.ok(...change);

    await agent.ok('whoami');
    expect((await household.newAgent('third').run('whoami')).code).toBe(12);
  });
});

describe('setting up', () => {
  it('is refused when it is done, and its token is gone', async () => {
    const { service } = household;
    const token = join(household.room, 'token');
    await writeFile(token, 'whatever');

    const file = await passwordFile(PASSWORD);
    const person = ['--household', 'H', '--name', 'Eve', '--email', 'eve@example.org'];
    const end = await household
      .newAgent('second')
      .run('setup', '--setup-token-file', token, ...person, '--password-file', file);

    expect(end.code).toBe(11);
    expect(end.json().error.code).toBe('SETUP_DONE');
    await expect(stat(service.setupTokenFile)).rejects.toThrow(/ENOENT/);
  });

  it('leaves no token behind after a restart either', async () => {
    await household.service.stop();
    const service = await household.startAgain();

    await expect(stat(service.setupTokenFile)).rejects.toThrow(/ENOENT/);
    await household.agent.ok('whoami');
  });
});
