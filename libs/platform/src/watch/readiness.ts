import { ArchiveError } from '@rootcellar/model';
import type { Clock, ErrorCode } from '@rootcellar/model';
import { cachedFor } from './cached-for.js';
import { within } from './within.js';

export const DEPENDENCIES = ['database', 'objectStore', 'queue'] as const;
/** What the service cannot do its work without. */
export type Dependency = (typeof DEPENDENCIES)[number];

export type ReadinessReport = Readonly<Record<Dependency, 'ok' | 'down'>>;

/** A real call to each, as cheap as there is; rejects when it does not work. */
export type Probes = Readonly<Record<Dependency, () => Promise<void>>>;

const PROBE_MS = 2_000;
/** Balancers ask every second, from several places. */
const KEEP_MS = 2_000;

/** Whether what the service depends on answers; asked for real, at most every two seconds. */
export class Readiness {
  readonly look: () => Promise<ReadinessReport>;
  readonly #reasons = new Map<Dependency, unknown>();

  constructor(probes: Probes, clock: Pick<Clock, 'monotonicMs'>) {
    const ask = Object.fromEntries(
      DEPENDENCIES.map((name) => [name, oneAtATime(probes[name])] as const),
    ) as Probes;
    this.look = cachedFor(KEEP_MS, clock, async () => {
      const states = DEPENDENCIES.map(
        async (name) => [name, await this.#state(name, ask[name])] as const,
      );
      return Object.fromEntries(await Promise.all(states)) as ReadinessReport;
    });
  }

  /** @throws ArchiveError DATABASE_FAILED, OBJECT_STORE_UNAVAILABLE, QUEUE_FAILED: which is down, all of it in `details` */
  async require(): Promise<ReadinessReport> {
    const report = await this.look();
    const down = DEPENDENCIES.find((name) => report[name] === 'down');
    if (down === undefined) return report;
    throw new ArchiveError(CODES[down], WORDS[down], {
      details: { ...report },
      cause: this.#reasons.get(down),
    });
  }

  async #state(name: Dependency, probe: () => Promise<void>): Promise<'ok' | 'down'> {
    try {
      await within(PROBE_MS, probe());
      this.#reasons.delete(name);
      return 'ok';
    } catch (reason) {
      this.#reasons.set(name, reason);
      return 'down';
    }
  }
}

const CODES: Readonly<Record<Dependency, ErrorCode>> = {
  database: 'DATABASE_FAILED',
  objectStore: 'OBJECT_STORE_UNAVAILABLE',
  queue: 'QUEUE_FAILED',
};

const WORDS: Readonly<Record<Dependency, string>> = {
  database: 'The database does not answer.',
  objectStore: 'The object store does not answer, or is not the one this service began with.',
  queue: 'The queue of background jobs does not answer.',
};

/** A probe that hangs is waited for, not started once more: it may hold a connection. */
function oneAtATime(probe: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return async () => {
    running ??= probe().finally(() => {
      running = undefined;
    });
    return running;
  };
}
