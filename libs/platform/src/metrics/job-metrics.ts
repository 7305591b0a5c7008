import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** `again`: it failed and will be tried once more, or was cut off by a stop. */
export type JobOutcome = 'completed' | 'failed' | 'cancelled' | 'again';

const SECONDS = [0.1, 1, 10, 60, 300, 1800, 7200, 28_800];

/** Runs of jobs in this process. */
export class JobMetrics {
  readonly #runs;
  readonly #durations;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#runs = new Counter({
      name: 'rootcellar_job_runs_total',
      help: 'Runs of jobs that ended, by kind and outcome.',
      labelNames: ['kind', 'outcome'] as const,
      registers,
    });
    this.#durations = new Histogram({
      name: 'rootcellar_job_duration_seconds',
      help: 'How long runs of jobs took.',
      labelNames: ['kind'] as const,
      buckets: SECONDS,
      registers,
    });
  }

  /** @param kind a job's name, of the code's own list */
  ended(kind: string, outcome: JobOutcome, seconds: number): void {
    this.#runs.inc({ kind, outcome });
    this.#durations.observe({ kind }, seconds);
  }
}
