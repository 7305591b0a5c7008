import { beforeEach, describe, expect, it } from '@jest/globals';
import { giveWay } from './give-way.js';

let pauses: number[];
const pause = (milliseconds: number): Promise<void> => {
  pauses.push(milliseconds);
  return Promise.resolve();
};

function uploadsFor(seconds: number): { uploadsUnderway: () => Promise<boolean> } {
  return { uploadsUnderway: () => Promise.resolve(pauses.length < seconds) };
}

let steps: number;
const step = (): Promise<void> => {
  steps += 1;
  return Promise.resolve();
};

describe('giveWay', () => {
  beforeEach(() => {
    steps = 0;
    pauses = [];
  });

  it('does not wait when nobody uploads', async () => {
    await giveWay(uploadsFor(0), 60, step, pause);

    expect(pauses).toEqual([]);
  });

  it('waits until nobody does, and says each second that it goes on', async () => {
    await giveWay(uploadsFor(7), 60, step, pause);

    expect(pauses).toHaveLength(7);
    expect(steps).toBe(7);
  });

  it('loses patience', async () => {
    await giveWay(uploadsFor(Infinity), 60, step, pause);

    expect(pauses).toHaveLength(60);
  });

  it('without patience does not even look', async () => {
    await giveWay({ uploadsUnderway: () => Promise.reject(new Error('looked')) }, 0, step, pause);

    expect(steps).toBe(0);
  });

  it('ends when it is told to', async () => {
    const stop = (): Promise<void> => Promise.reject(new Error('cancelled'));

    await expect(giveWay(uploadsFor(9), 60, stop, pause)).rejects.toThrow('cancelled');
  });
});
