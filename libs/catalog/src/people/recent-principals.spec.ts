import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@rootcellar/archive';
import type { Clock } from '@rootcellar/model';
import { RecentPrincipals } from './recent-principals.js';

const TOKEN = Buffer.from('hash');
const PRINCIPAL = { credentialId: 'c1', accountId: 'a1' } as Principal;

function open(): { recent: RecentPrincipals; pass: (milliseconds: number) => void } {
  let now = 0;
  const clock: Clock = { now: () => new Date(now), monotonicMs: () => now };
  return { recent: new RecentPrincipals(clock), pass: (milliseconds) => (now += milliseconds) };
}

describe('RecentPrincipals', () => {
  it('remembers for three seconds', () => {
    const { recent, pass } = open();
    recent.remember(TOKEN, PRINCIPAL, recent.ended);

    pass(2999);
    expect(recent.get(TOKEN)).toBe(PRINCIPAL);
    pass(1);
    expect(recent.get(TOKEN)).toBeUndefined();
  });

  it('forgets a sign-in that ended at once', () => {
    const { recent } = open();
    recent.remember(TOKEN, PRINCIPAL, recent.ended);

    recent.forget(PRINCIPAL.credentialId);

    expect(recent.get(TOKEN)).toBeUndefined();
  });

  it('does not remember what was looked up before a sign-in ended', () => {
    const { recent } = open();
    const { ended } = recent;

    recent.forget(PRINCIPAL.credentialId);
    recent.remember(TOKEN, PRINCIPAL, ended);

    expect(recent.get(TOKEN)).toBeUndefined();
  });
});
