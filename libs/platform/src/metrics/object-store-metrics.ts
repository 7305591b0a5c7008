import { OBSERVED_OPERATIONS } from '@rootcellar/object-store';
import type { ObservedCall } from '@rootcellar/object-store';
import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

const SECONDS = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

/** Calls to the object store by operation. */
export class ObjectStoreMetrics {
  readonly #durations;
  readonly #failures;
  readonly #bytes;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#durations = new Histogram({
      name: 'rootcellar_object_store_call_duration_seconds',
      help: 'Calls to the object store, failed ones included; of a listing only the time spent in the store.',
      labelNames: ['call'] as const,
      buckets: SECONDS,
      registers,
    });
    this.#failures = new Counter({
      name: 'rootcellar_object_store_failures_total',
      help: 'Calls to the object store that failed, by code (docs/errors.md).',
      labelNames: ['call', 'code'] as const,
      registers,
    });
    this.#bytes = new Counter({
      name: 'rootcellar_object_store_bytes_total',
      help: 'Bytes put into the object store (call="put") and read from it (call="read").',
      labelNames: ['call'] as const,
      registers,
    });
    for (const call of OBSERVED_OPERATIONS)
      this.#failures.inc({ call, code: 'OBJECT_STORE_UNAVAILABLE' }, 0);
  }

  readonly observe = ({ operation: call, seconds, bytes, failure: code }: ObservedCall): void => {
    this.#durations.observe({ call }, seconds);
    if (code !== undefined) this.#failures.inc({ call, code });
    if (bytes > 0) this.#bytes.inc({ call }, bytes);
  };
}
