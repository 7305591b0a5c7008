import { beforeEach, describe, expect, it } from '@jest/globals';
import { Pace } from './pace.js';

let now: number;
let pauses: number[];
let looks: number;
const pause = (milliseconds: number): Promise<void> => {
  pauses.push(milliseconds);
  now += milliseconds;
  return Promise.resolve();
};

function paceBeside(uploads: () => boolean): Pace {
  const collection = {
    uploadsUnderway: () => {
      looks += 1;
      return Promise.resolve(uploads());
    },
  };
  return new Pace(collection, () => now, pause);
}

describe('Pace', () => {
  beforeEach(() => {
    now = 1000;
    pauses = [];
    looks = 0;
  });

  it('rests four times as long as it worked while anybody uploads', async () => {
    const pace = paceBeside(() => true);
    now += 30;
    await pace.rest();
    now += 5;
    await pace.rest();

    expect(pauses).toEqual([120, 20]);
  });

  it('does not rest when nobody does', async () => {
    const pace = paceBeside(() => false);
    now += 30;
    await pace.rest();

    expect(pauses).toEqual([]);
  });

  it('never rests longer than two seconds', async () => {
    const pace = paceBeside(() => true);
    now += 60_000;
    await pace.rest();

    expect(pauses).toEqual([2000]);
  });

  it('looks once a second, and sees an upload that begins', async () => {
    const pace = paceBeside(() => now > 2000);
    for (let piece = 0; piece < 30; piece += 1) {
      now += 50;
      await pace.rest();
    }

    expect(looks).toBeLessThanOrEqual(4);
    expect(pauses.length).toBeGreaterThan(0);
  });

  it('does not count what was waited elsewhere', async () => {
    const pace = paceBeside(() => true);
    now += 60_000;
    pace.begin();
    now += 10;
    await pace.rest();

    expect(pauses).toEqual([40]);
  });
});
