import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@rootcellar/model';
import { Alarm } from './alarm.js';

const NEVER = new AbortController().signal;

async function lasts(work: () => Promise<void>): Promise<number> {
  const from = systemClock.monotonicMs();
  await work();
  return systemClock.monotonicMs() - from;
}

describe('who waits for an alarm', () => {
  it('waits the time given', async () => {
    expect(await lasts(async () => new Alarm().wait(60, 10, NEVER))).toBeGreaterThanOrEqual(58);
  });

  it('is woken by a hint, not at once, also by one that came before', async () => {
    const alarm = new Alarm();
    const waits = lasts(async () => alarm.wait(60_000, 50, NEVER));
    alarm.ring();
    const first = await waits;
    setTimeout(() => alarm.ring(), 20);
    const second = await lasts(async () => alarm.wait(60_000, 0, NEVER));

    expect(first).toBeGreaterThanOrEqual(48);
    expect(Math.max(first, second)).toBeLessThan(20_000);
  });

  it('is let go when the command is stopped, before or meanwhile', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);

    const meanwhile = await lasts(async () => new Alarm().wait(60_000, 0, stop.signal));
    const before = await lasts(async () => new Alarm().wait(60_000, 60_000, stop.signal));

    expect(Math.max(meanwhile, before)).toBeLessThan(20_000);
  });
});
