import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** One request that has ended. */
export interface ObservedRequest {
  /** The pattern, `/api/v1/snapshots/:id`; never what somebody asked for. `undefined` when there is no such route. */
  readonly route: string | undefined;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

/** Requests by route pattern, method and status: all of them from small sets. */
export class HttpMetrics {
  readonly #requests;
  readonly #durations;
  readonly #bytes;
  readonly #running;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#requests = new Counter({
      name: 'rootcellar_http_requests_total',
      help: 'Requests that ended. Status 499: the client went away first, or the answer broke off.',
      labelNames: ['route', 'method', 'status'] as const,
      registers,
    });
    this.#durations = new Histogram({
      name: 'rootcellar_http_request_duration_seconds',
      help: 'From the head of a request to the last byte of its answer, by class of status.',
      labelNames: ['route', 'method', 'status'] as const,
      buckets: SECONDS,
      registers,
    });
    this.#bytes = new Counter({
      name: 'rootcellar_http_bytes_total',
      help: 'Bytes of bodies that came in, and of answers with their heads.',
      labelNames: ['route', 'direction'] as const,
      registers,
    });
    this.#running = new Gauge({
      name: 'rootcellar_http_requests_in_flight',
      help: 'Requests that are being answered.',
      registers,
    });
  }

  began(): void {
    this.#running.inc();
  }

  ended(request: ObservedRequest): void {
    const route = request.route ?? 'none';
    const method = METHODS.has(request.method) ? request.method : 'other';
    this.#running.dec();
    this.#requests.inc({ route, method, status: String(request.status) });
    const status = `${String(Math.floor(request.status / 100))}xx`;
    this.#durations.observe({ route, method, status }, request.seconds);
    this.#bytes.inc({ route, direction: 'in' }, request.bytesIn);
    this.#bytes.inc({ route, direction: 'out' }, request.bytesOut);
  }
}
