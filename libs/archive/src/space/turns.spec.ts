import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

/** Rounds of the event loop that pass while something is done. */
async function roundsDuring(work: () => Promise<void>): Promise<number> {
  let rounds = 0;
  let over = false;
  const count = (): void => {
    rounds += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  await work();
  over = true;
  return rounds;
}

describe('Turns', () => {
  it('goes on without a pause while little was done', async () => {
    const turns = new Turns(() => 0);

    const rounds = await roundsDuring(async () => {
      for (let piece = 0; piece < 100; piece += 1) await turns.pause();
    });

    expect(rounds).toBe(0);
  });

  it('lets others have several rounds after four milliseconds', async () => {
    let now = 0;
    const turns = new Turns(() => now);

    const rounds = await roundsDuring(async () => {
      now += 5;
      await turns.pause();
    });

    expect(rounds).toBeGreaterThan(10);
  });
});
