import { describe, expect, it } from '@jest/globals';
import { cachedFor } from './cached-for.js';

function handClock(): { ms: number; monotonicMs: () => number } {
  const clock = { ms: 0, monotonicMs: () => clock.ms };
  return clock;
}

describe('cachedFor', () => {
  it('asks again only when the time is over', async () => {
    const clock = handClock();
    let asked = 0;
    const ask = cachedFor(1000, clock, async () => Promise.resolve(++asked));

    await ask();
    clock.ms = 999;
    expect(await ask()).toBe(1);
    clock.ms = 1000;

    expect(await ask()).toBe(2);
  });

  it('never asks twice at a time, however long an answer takes', async () => {
    const clock = handClock();
    const answer = Promise.withResolvers<number>();
    let asked = 0;
    const ask = cachedFor(1000, clock, async () => {
      asked += 1;
      return answer.promise;
    });

    const first = ask();
    clock.ms = 50_000;
    const second = ask();
    answer.resolve(7);

    expect(await Promise.all([first, second])).toEqual([7, 7]);
    expect(asked).toBe(1);
  });

  it('keeps a failure as long as an answer', async () => {
    const clock = handClock();
    let asked = 0;
    const ask = cachedFor(1000, clock, async () => Promise.reject(new Error(String(++asked))));

    await expect(ask()).rejects.toThrow('1');
    await expect(ask()).rejects.toThrow('1');
    clock.ms = 1000;

    await expect(ask()).rejects.toThrow('2');
  });
});
