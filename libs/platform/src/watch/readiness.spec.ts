import { describe, expect, it, jest } from '@jest/globals';
import { Readiness } from './readiness.js';
import type { Probes } from './readiness.js';

const fine = async (): Promise<void> => Promise.resolve();
const broken = async (): Promise<void> => Promise.reject(new Error('secret words of a driver'));
const clock = { monotonicMs: () => performance.now() };

function readiness(probes: Partial<Probes>): Readiness {
  return new Readiness({ database: fine, objectStore: fine, queue: fine, ...probes }, clock);
}

describe('readiness', () => {
  it('is given when everything answers', async () => {
    expect(await readiness({}).require()).toEqual({
      status: 'ok',
      checks: { database: 'ok', objectStore: 'ok', queue: 'ok' },
    });
  });

  it('is given without a queue: what is asked for waits in the database', async () => {
    expect(await readiness({ queue: broken }).require()).toMatchObject({
      status: 'degraded',
      checks: { queue: 'down' },
    });
  });

  it('is not given by a process that stops', async () => {
    const leaving = readiness({});
    leaving.leave();

    await expect(leaving.require()).rejects.toMatchObject({ code: 'SERVER_BUSY' });
  });

  it.each([
    ['database', 'DATABASE_FAILED'],
    ['objectStore', 'OBJECT_STORE_UNAVAILABLE'],
  ])('names what is down, and nothing of why: %s', async (name, code) => {
    const refused = readiness({ [name]: broken }).require();

    await expect(refused).rejects.toMatchObject({
      ...{ code, kind: 'unavailable' },
      details: { database: 'ok', objectStore: 'ok', queue: 'ok', [name]: 'down' },
    });
    await expect(refused).rejects.not.toThrow('secret');
  });

  it('does not wait for what hangs, and does not ask it once more meanwhile', async () => {
    jest.useFakeTimers();
    try {
      let asked = 0;
      let ms = 0;
      const hanging = async (): Promise<void> => {
        asked += 1;
        return new Promise(() => undefined);
      };
      const probes = { database: hanging, objectStore: fine, queue: fine };
      const ready = new Readiness(probes, { monotonicMs: () => ms });
      for (let round = 0; round < 3; round += 1) {
        const look = ready.look();
        await jest.advanceTimersByTimeAsync(2_000);
        expect((await look).database).toBe('down');
        ms += 60_000;
      }
      expect(asked).toBe(1);
    } finally {
      jest.useRealTimers();
    }
  });

  it('sees that something came back', async () => {
    let ms = 0;
    let down = true;
    const probes = { database: async () => (down ? broken() : fine()) };
    const ready = new Readiness(
      { objectStore: fine, queue: fine, ...probes },
      { monotonicMs: () => ms },
    );

    expect((await ready.look()).database).toBe('down');
    down = false;
    ms = 2_000;

    expect((await ready.look()).database).toBe('ok');
  });
});
