import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PgMaintenanceLocks } from '@rootcellar/catalog';
import { newId, systemClock } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

let server: TestServer;
let ours: PgMaintenanceLocks;
let others: PgMaintenanceLocks;
beforeAll(async () => {
  server = await startTestServer();
  ours = new PgMaintenanceLocks(server.connection);
  others = new PgMaintenanceLocks(server.connection);
});
afterAll(async () => server[Symbol.asyncDispose]());

async function whenAborted(signal: AbortSignal): Promise<unknown> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  return signal.reason;
}

describe('the lock on a household', () => {
  const household = newId<HouseholdId>(systemClock);

  it('is held by one, also within a process, until it is given back', async () => {
    const held = await ours.take('packs', household);

    expect(held?.lost.aborted).toBe(false);
    expect(await others.take('packs', household)).toBeUndefined();
    expect(await ours.take('packs', household)).toBeUndefined();
    await held?.[Symbol.asyncDispose]();
    await using again = await others.take('packs', household);
    expect(again).toBeDefined();
  });

  it('keeps nobody from other households and other areas', async () => {
    await using one = await ours.take('packs', household);
    await using area = await others.take('retention', household);
    await using other = await others.take('packs', newId<HouseholdId>(systemClock));
    await using all = await others.take('packs', undefined);

    for (const lock of [one, area, other, all]) expect(lock).toBeDefined();
  });

  it('is taken once when many ask at a time', async () => {
    const asked = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => (n % 2 ? ours : others).take('packs', household)),
    );

    const held = asked.filter((lock) => lock !== undefined);
    expect(held).toHaveLength(1);
    await held[0]?.[Symbol.asyncDispose]();
  });

  it('is lost with the connection, and the holder hears of it', async () => {
    await using lost = await ours.take('packs', household);
    const database = await server.open();
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rootcellar-lock'`,
    );
    await database.destroy();

    const reason = await whenAborted(lost?.lost ?? AbortSignal.abort());

    expect(reason).toMatchObject({ code: 'DATABASE_FAILED' });
    await using next = await others.take('packs', household);
    expect(next).toBeDefined();
  });

  it('is kept by signs of life, and taken from one that gives none', async () => {
    const lively = new PgMaintenanceLocks(server.connection, { silentMs: 600, aliveEveryMs: 100 });
    const frozen = new PgMaintenanceLocks(server.connection, {
      silentMs: 600,
      aliveEveryMs: 60_000,
    });
    await using kept = await lively.take('packs', household);
    await using silent = await frozen.take('retention', household);

    await whenAborted(silent?.lost ?? AbortSignal.abort());

    await using next = await others.take('retention', household);
    expect(next).toBeDefined();
    expect(kept?.lost.aborted).toBe(false);
    expect(await others.take('packs', household)).toBeUndefined();
  });
});
