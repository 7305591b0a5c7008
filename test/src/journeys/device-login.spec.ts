import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMINISTRATOR, openHousehold } from '@rootcellar/testkit';
import type { Household, RunningCommand } from '@rootcellar/testkit';

let household: Household;
beforeAll(async () => {
  household = await openHousehold();
});
afterAll(async () => household.close());

const CODE = /approve#([A-Z]{4}-[A-Z]{4})/;

/** Begins a sign-in, and gives what it says to type. */
async function begin(
  name: string,
): Promise<{ readonly login: RunningCommand; readonly code: string }> {
  const login = household.newAgent(name).start('login');
  let said = '';
  login.child.stderr?.on('data', (text: string) => {
    said += text;
  });
  await login.heard(CODE);
  return { login, code: CODE.exec(said)?.[1] ?? '' };
}

describe('login without a password', () => {
  it('says an address and a code, and is signed in once somebody approves', async () => {
    const { login, code } = await begin('laptop');

    const approved = await household.agent.ok('approve', code.toLowerCase(), '--yes');
    const end = await login.ended;

    expect(approved).toMatchObject({ approved: true, scope: 'admin' });
    expect([end.code, end.stderr]).toEqual([0, expect.stringContaining(household.service.url)]);
    const { email } = ADMINISTRATOR;
    expect(await household.newAgent('laptop').ok('whoami')).toMatchObject({ email, role: 'admin' });
    // What is printed to be read by others holds no secret.
    expect(`${end.stdout}${end.stderr}`).not.toMatch(/r[cd]_/);
  });

  it('is for less when it is approved for less', async () => {
    const { login, code } = await begin('camera');

    await household.agent.ok('approve', code, '--scope', 'push', '--yes');
    expect((await login.ended).code).toBe(0);

    const end = await household.newAgent('camera').run('snapshot', 'list');
    expect([end.code, end.json().error.code]).toEqual([12, 'SCOPE_TOO_NARROW']);
  });

  it('is not signed in when somebody refuses, nor when it is interrupted', async () => {
    const [refused, interrupted] = [await begin('stranger'), await begin('impatient')];

    await household.agent.ok('approve', refused.code, '--deny');
    interrupted.login.child.kill('SIGINT');
    const [one, two] = [await refused.login.ended, await interrupted.login.ended];

    expect([one.code, one.json().error.code]).toEqual([12, 'DEVICE_CODE_DENIED']);
    expect([two.code, two.json().error.code]).toEqual([130, 'INTERRUPTED']);
    for (const name of ['stranger', 'impatient']) {
      const end = await household.newAgent(name).run('whoami');
      expect(end.json().error.code).toBe('NOT_SIGNED_IN');
    }
  });

  it('is approved by nobody without being asked', async () => {
    const { login, code } = await begin('asked for');

    const end = await household.agent.run('approve', code);
    login.child.kill('SIGINT');

    // No terminal to ask at.
    expect([end.code, end.json().error.code]).toEqual([2, 'INPUT_INVALID']);
    expect((await login.ended).code).toBe(130);
    const wrong = await household.agent.run('approve', 'BBBB-BBBB', '--yes');
    expect([wrong.code, wrong.json().error.code]).toEqual([10, 'NOT_FOUND']);
  });
});
