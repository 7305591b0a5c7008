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

/** Without these no request can be answered. Without the queue all can: what is asked for waits in the database. */
const REQUIRED = ['database', 'objectStore'] as const satisfies readonly Dependency[];

export type Verdict = 'ok' | 'degraded' | 'down' | 'stopping';

/** Whether what the service depends on answers; asked for real, at most every two seconds. */
export class Readiness {
  readonly look: () => Promise<ReadinessReport>;
  readonly #reasons = new Map<Dependency, unknown>();
  #stopping = false;

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

  /** From now on the process is not ready: it stops, and whoever sends requests shall send them elsewhere. */
  leave(): void {
    this.#stopping = true;
  }

  /** What the report means for who sends requests: `degraded` can be worked with. */
  judge(report: ReadinessReport): Verdict {
    if (this.#stopping) return 'stopping';
    if (REQUIRED.some((name) => report[name] === 'down')) return 'down';
    return DEPENDENCIES.some((name) => report[name] === 'down') ? 'degraded' : 'ok';
  }

  /** @throws ArchiveError DATABASE_FAILED, OBJECT_STORE_UNAVAILABLE: which is down, all of it in `details`; SERVER_BUSY: it stops */
  async require(): Promise<{
    readonly status: 'ok' | 'degraded';
    readonly checks: ReadinessReport;
  }> {
    const checks = await this.look();
    const status = this.judge(checks);
    if (status === 'ok' || status === 'degraded') return { status, checks };
    const down = REQUIRED.find((name) => checks[name] === 'down');
    if (status === 'stopping' || down === undefined)
      throw new ArchiveError('SERVER_BUSY', 'This process is about to stop.');
    throw new ArchiveError(CODES[down], WORDS[down], {
      details: { ...checks },
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

const CODES: Readonly<Record<(typeof REQUIRED)[number], ErrorCode>> = {
  database: 'DATABASE_FAILED',
  objectStore: 'OBJECT_STORE_UNAVAILABLE',
};

const WORDS: Readonly<Record<(typeof REQUIRED)[number], string>> = {
  database: 'The database does not answer.',
  objectStore: 'The object store does not answer, or is not the one this service began with.',
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
