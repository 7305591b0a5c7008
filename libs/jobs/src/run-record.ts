import type { JobEnd, JobRequests, JobWish } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { JobId } from '@rootcellar/model';

export type Counters = Readonly<Record<string, number>>;

const REPORT_EVERY_MS = 1000;

/** What is written down in PostgreSQL while a job runs, and heard there. Jobs that nobody asked for write nothing. */
export class RunRecord {
  readonly #requests: JobRequests;
  readonly #id: JobId | undefined;
  #progress: Counters | undefined;
  #reportedAt = -Infinity;

  constructor(requests: JobRequests, id: JobId | undefined) {
    this.#requests = requests;
    this.#id = id;
  }

  /** @throws ArchiveError INTERRUPTED, EndedElsewhere */
  async begin(): Promise<void> {
    if (this.#id !== undefined) heed(await this.#requests.begin(this.#id));
  }

  /** Once a second at most, whatever the job says how often. @throws as above */
  async report(progress: Counters): Promise<void> {
    this.#progress = { ...progress };
    const now = performance.now();
    if (this.#id === undefined || now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    heed(await this.#requests.report(this.#id, this.#progress));
  }

  async putBack(): Promise<void> {
    if (this.#id !== undefined) await this.#requests.putBack(this.#id);
  }

  async end(end: JobEnd): Promise<void> {
    if (this.#id !== undefined) await this.#requests.end(this.#id, end, this.#progress);
  }
}

/** Done by another worker while this one was frozen, or taken away by who asked for it. */
export class EndedElsewhere extends Error {}

function heed(wish: JobWish): void {
  if (wish === 'ended') throw new EndedElsewhere();
  if (wish === 'cancelled')
    throw new ArchiveError('INTERRUPTED', 'Somebody cancelled the job; what it did stays done.');
}
