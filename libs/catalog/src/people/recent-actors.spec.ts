import { describe, expect, it } from '@jest/globals';
import type { Actor } from '@rootcellar/archive';
import type { Clock } from '@rootcellar/model';
import { RecentActors } from './recent-actors.js';

const TOKEN = Buffer.from('hash');
const ACTOR = { credentialId: 'c1', memberId: 'm1', householdId: 'h1', role: 'admin' } as Actor;

function open(): { recent: RecentActors; pass: (milliseconds: number) => void } {
  let now = 0;
  const clock: Clock = { now: () => new Date(now), monotonicMs: () => now };
  return { recent: new RecentActors(clock), pass: (milliseconds) => (now += milliseconds) };
}

describe('RecentActors', () => {
  it('remembers for three seconds', () => {
    const { recent, pass } = open();
    recent.remember(TOKEN, ACTOR, recent.ended);

    pass(2999);
    expect(recent.get(TOKEN)).toBe(ACTOR);
    pass(1);
    expect(recent.get(TOKEN)).toBeUndefined();
  });

  it('forgets a sign-in that ended at once', () => {
    const { recent } = open();
    recent.remember(TOKEN, ACTOR, recent.ended);

    recent.forget(ACTOR.credentialId);

    expect(recent.get(TOKEN)).toBeUndefined();
  });

  it('does not remember what was looked up before a sign-in ended', () => {
    const { recent } = open();
    const { ended } = recent;

    recent.forget(ACTOR.credentialId);
    recent.remember(TOKEN, ACTOR, ended);

    expect(recent.get(TOKEN)).toBeUndefined();
  });
});
