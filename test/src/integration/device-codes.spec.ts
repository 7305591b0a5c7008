import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authenticate } from '@rootcellar/archive';
import type { AskedForApproval, Principal } from '@rootcellar/archive';
import { principalOf } from '../acting-as.js';
import { comeIn } from './come-in.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

let test: TestArchive;
let ada: Principal;
beforeAll(async () => {
  test = await openTestArchive();
  ada = principalOf(test.actor);
});
afterAll(async () => test[Symbol.asyncDispose]());

async function ask(scope: 'push' | 'restore' | 'admin' = 'admin'): Promise<AskedForApproval> {
  return test.archive.deviceCodes.ask({ clientName: 'laptop', scope, from: '192.0.2.7' });
}

/** As if the interval had passed. */
async function wait(): Promise<void> {
  await test.database.query(`update device_code set polled_at = polled_at - interval '1 hour'`);
}

function decision(
  userCode: string,
  more: object = {},
): Parameters<TestArchive['archive']['deviceCodes']['decide']>[1] {
  return { userCode, approve: true, scope: undefined, householdId: undefined, ...more };
}

describe('a device code', () => {
  it('gives a sign-in once, after somebody approved; neither code is stored', async () => {
    const { deviceCodes, people } = test.archive;
    const { deviceCode, userCode } = await ask();
    await expect(deviceCodes.poll(deviceCode)).rejects.toMatchObject({
      code: 'AUTHORIZATION_PENDING',
    });
    const stored = JSON.stringify(await test.database.query('select * from device_code'));
    expect(stored).not.toMatch(
      new RegExp(`${deviceCode}|${userCode}|${userCode.replace('-', '')}`),
    );

    const look = await deviceCodes.look(ada, userCode.toLowerCase().replace('-', ' '));
    expect(look).toMatchObject({ clientName: 'laptop', scope: 'admin', from: '192.0.2.7' });
    await deviceCodes.decide(ada, decision(userCode));
    await wait();
    const from = { address: '192.0.2.7', agent: 'agent' };
    const results = await Promise.allSettled([
      deviceCodes.poll(deviceCode, from),
      deviceCodes.poll(deviceCode, from),
    ]);

    const [given, ...more] = results.flatMap((each) =>
      each.status === 'fulfilled' ? [each.value] : [],
    );
    expect(more).toEqual([]);
    const principal = await authenticate(people, given?.token);
    expect(principal).toMatchObject({ accountId: ada.accountId, kind: 'token', scope: 'admin' });
    expect(principal.membership).toMatchObject({ memberId: test.actor.memberId });
    await expect(deviceCodes.poll(deviceCode)).rejects.toMatchObject({
      code: 'DEVICE_CODE_EXPIRED',
    });
    expect(
      await test.database.query(`select subject from audit where action = 'device-approved'`),
    ).toEqual([{ subject: 'laptop, admin' }]);
    expect(
      await test.database.query(
        `select subject, from_agent from audit where action = 'signed-in' and from_address = '192.0.2.7'`,
      ),
    ).toEqual([{ subject: 'laptop', from_agent: 'agent' }]);
  });

  it('is asked for no faster than it says, and slower after that', async () => {
    const { deviceCode } = await ask();
    const poll = async (): Promise<unknown> => test.archive.deviceCodes.poll(deviceCode);
    const pending = { code: 'AUTHORIZATION_PENDING' };

    await expect(poll()).rejects.toMatchObject(pending);
    await expect(poll()).rejects.toMatchObject({ code: 'SLOW_DOWN' });
    await test.database.query(`update device_code set polled_at = now() - interval '6 seconds'`);
    await expect(poll()).rejects.toMatchObject({ code: 'SLOW_DOWN' });
    await wait();
    await expect(poll()).rejects.toMatchObject(pending);
  });

  it('that was refused gives nothing, and cannot be approved after all', async () => {
    const { deviceCodes } = test.archive;
    const { deviceCode, userCode } = await ask();

    await deviceCodes.decide(ada, decision(userCode, { approve: false }));

    await expect(deviceCodes.poll(deviceCode)).rejects.toMatchObject({
      code: 'DEVICE_CODE_DENIED',
    });
    await expect(deviceCodes.decide(ada, decision(userCode))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('is over after its time, for who asks and for who decides', async () => {
    const { deviceCodes } = test.archive;
    const { deviceCode, userCode } = await ask();
    await test.database.query('update device_code set expires_at = now()');

    await expect(deviceCodes.poll(deviceCode)).rejects.toMatchObject({
      code: 'DEVICE_CODE_EXPIRED',
    });
    await expect(deviceCodes.look(ada, userCode)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(deviceCodes.poll('rd_unknown')).rejects.toMatchObject({
      code: 'DEVICE_CODE_EXPIRED',
    });
  });

  it('is approved for less, or another household; never for more than the approving sign-in', async () => {
    const { deviceCodes, people, invitations } = test.archive;
    const other = await invitations.createHousehold(ada, { name: 'Other', timeZone: 'UTC' });
    const joined = await invitations.join(ada, other.token);
    const { deviceCode, userCode } = await ask('restore');

    const narrow = { ...ada, scope: 'push' as const };
    await expect(deviceCodes.decide(narrow, decision(userCode))).rejects.toMatchObject({
      code: 'SCOPE_TOO_NARROW',
    });
    const { householdId } = other;
    await deviceCodes.decide(ada, decision(userCode, { scope: 'push', householdId }));

    const { token } = await deviceCodes.poll(deviceCode);
    expect(await authenticate(people, token)).toMatchObject({
      scope: 'push',
      membership: { householdId, memberId: joined.memberId },
    });
  });

  it('is not for a household one does not belong to, nor for somebody who left', async () => {
    const { archive } = test;
    const bob = await comeIn(archive, test.actor, { name: 'Bob' });
    const principal = principalOf(bob.actor);
    const other = await archive.invitations.createHousehold(ada, { name: 'No', timeZone: 'UTC' });
    const { deviceCode, userCode } = await ask();
    const { householdId } = other;
    await expect(
      archive.deviceCodes.decide(principal, decision(userCode, { householdId })),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });

    await archive.deviceCodes.decide(principal, decision(userCode));
    await archive.endMembership.remove(test.actor, bob.actor.memberId, {
      ...{ data: 'bin', confirm: ['Bob'], dryRun: false },
    });

    await expect(archive.deviceCodes.poll(deviceCode)).rejects.toMatchObject({
      code: 'DEVICE_CODE_EXPIRED',
    });
  });

  it('is not guessed: after ten wrong ones the right one is refused, too', async () => {
    const { archive } = test;
    const eve = await comeIn(archive, test.actor, { name: 'Eve' });
    const principal = principalOf(eve.actor);
    const { userCode } = await ask();
    const wrong = userCode === 'BBBB-BBBB' ? 'CCCC-CCCC' : 'BBBB-BBBB';

    for (let left = 10; left > 0; left -= 1) {
      await expect(archive.deviceCodes.look(principal, wrong)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }

    await expect(archive.deviceCodes.look(principal, userCode)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await archive.deviceCodes.look(ada, userCode);
  });
});
