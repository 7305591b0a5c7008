import { setTimeout } from 'node:timers/promises';
import type { MaintenanceLock, MaintenanceLocks } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';
import pg from 'pg';
import type { DatabaseSettings } from '../connection/database-settings.js';
import { ownConnection } from '../connection/own-connection.js';
import { toArchiveError } from '../database-errors.js';

/**
 * PostgreSQL ends a session that was silent for so long, and with it the lock: that of a worker that is frozen, cut off, or gone with its
 * machine. One that was killed is noticed at once, by its connection.
 */
const SILENT_MS = 60_000;
/** A sign of life and its answer take less than the time above, so that whoever lost the lock knows no later than others. */
const ALIVE_EVERY_MS = 15_000;
const ANSWER_MS = 20_000;
const FAREWELL_MS = 2_000;

export interface LockTimes {
  readonly silentMs: number;
  readonly aliveEveryMs: number;
}

/**
 * Advisory locks, each on a connection of its own outside of the pool: held exactly as long as PostgreSQL sees the session.
 * Needs a session per connection: no pooler in between that lends sessions by transaction.
 */
export class PgMaintenanceLocks implements MaintenanceLocks {
  readonly #connection: pg.ClientConfig;
  readonly #times: LockTimes;

  constructor(
    connection: Omit<DatabaseSettings, 'poolSize'>,
    times: LockTimes = { silentMs: SILENT_MS, aliveEveryMs: ALIVE_EVERY_MS },
  ) {
    this.#connection = {
      ...ownConnection(connection, 'rootcellar-lock'),
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    };
    this.#times = times;
  }

  async take(
    area: string,
    householdId: HouseholdId | undefined,
  ): Promise<MaintenanceLock | undefined> {
    const client = new pg.Client(this.#connection);
    const lost = new AbortController();
    const lose = (): void => {
      lost.abort(
        new ArchiveError(
          'DATABASE_FAILED',
          'The worker lost its lock on the household. What it did stays done; the job is tried again.',
        ),
      );
    };
    client.on('error', lose).on('end', lose);
    try {
      await client.connect();
      await client.query(`select set_config('idle_session_timeout', $1, false)`, [
        String(this.#times.silentMs),
      ]);
      // A collision of hashes makes somebody wait in vain for a while, nothing else.
      const { rows } = await client.query<{ taken: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
        [`rootcellar ${area} ${householdId ?? ''}`],
      );
      if (rows[0]?.taken === true) return held(client, lost.signal, lose, this.#times.aliveEveryMs);
    } catch (error) {
      await ended(client);
      throw toArchiveError(error);
    }
    await ended(client);
    return undefined;
  }
}

/** A server that cannot be reached does not say farewell; nobody waits for that. */
async function ended(client: pg.Client): Promise<void> {
  await Promise.race([
    client.end().catch(() => undefined),
    setTimeout(FAREWELL_MS, undefined, { ref: false }),
  ]);
}

function held(
  client: pg.Client,
  lost: AbortSignal,
  lose: () => void,
  aliveEveryMs: number,
): MaintenanceLock {
  const alive = setInterval(() => {
    client.query('select 1').catch(lose);
  }, aliveEveryMs);
  lost.addEventListener('abort', () => clearInterval(alive), { once: true });
  return {
    lost,
    [Symbol.asyncDispose]: async () => {
      clearInterval(alive);
      // By a statement: the end of a session may take a moment longer than we see it.
      await client.query('select pg_advisory_unlock_all()').catch(() => undefined);
      await ended(client);
    },
  };
}
