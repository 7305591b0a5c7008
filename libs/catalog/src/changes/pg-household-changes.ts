import { setTimeout } from 'node:timers/promises';
import type { ChangeListener, HouseholdChanges } from '@rootcellar/archive';
import type { HouseholdId } from '@rootcellar/model';
import pg from 'pg';
import type { Client } from 'pg';
import type { DatabaseSettings } from '../connection/database-settings.js';
import { ownConnection } from '../connection/own-connection.js';
import { parseChange } from './parse-change.js';

const CHANNEL = 'rootcellar_change';
const FIRST_WAIT_MS = 200;
const MOST_WAIT_MS = 5_000;

/**
 * Hears what transactions announce, on a connection of its own that it makes again whenever it breaks. It connects when somebody listens
 * first. Not through a pooler in transaction mode: that hears nothing.
 */
export class PgHouseholdChanges implements HouseholdChanges {
  readonly #connect: () => Promise<Client>;
  readonly #listeners = new Map<HouseholdId, Set<ChangeListener>>();
  readonly #closing = new AbortController();
  #hearing: Promise<void> | undefined;

  constructor(settings: Omit<DatabaseSettings, 'poolSize'>) {
    this.#connect = async () => {
      const client = new pg.Client({
        ...ownConnection(settings, 'rootcellar-changes'),
        // Idle is what it is.
        idle_in_transaction_session_timeout: 0,
      });
      await client.connect();
      return client;
    };
  }

  subscribe(householdId: HouseholdId, listener: ChangeListener): Disposable {
    const listeners = this.#listeners.get(householdId) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(householdId, listeners);
    this.#hearing ??= this.#hear();
    return {
      [Symbol.dispose]: () => {
        listeners.delete(listener);
        if (listeners.size === 0) this.#listeners.delete(householdId);
      },
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#hearing;
  }

  async #hear(): Promise<void> {
    const { signal } = this.#closing;
    for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(2 * wait, MOST_WAIT_MS)) {
      try {
        await this.#hearOnce(() => (wait = FIRST_WAIT_MS));
      } catch {
        // Whoever needs the database tells of it.
      }
      await setTimeout(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Until the connection breaks. */
  async #hearOnce(heard: () => void): Promise<void> {
    const client = await this.#connect();
    const over = Promise.withResolvers<undefined>();
    client.on('error', () => over.resolve(undefined));
    client.on('end', () => over.resolve(undefined));
    client.on('notification', ({ payload }) => this.#tell(payload ?? ''));
    const { signal } = this.#closing;
    const stop = (): void => over.resolve(undefined);
    signal.addEventListener('abort', stop);
    try {
      await client.query(`listen ${CHANNEL}`);
      heard();
      // What was announced before this moment was not heard.
      for (const listeners of this.#listeners.values())
        for (const listener of listeners) listener('missed');
      if (!signal.aborted) await over.promise;
    } finally {
      signal.removeEventListener('abort', stop);
      await client.end().catch(() => undefined);
    }
  }

  #tell(line: string): void {
    const told = parseChange(line);
    if (told === undefined) return;
    for (const listener of this.#listeners.get(told.householdId) ?? []) listener(told.change);
  }
}
