import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient } from '@rootcellar/client';
import type { ApiClient } from '@rootcellar/client';
import { BulkTransport } from '@rootcellar/client/node';
import type { BulkRequest, BulkResponse } from '@rootcellar/client/node';
import { isArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import { interrupted, requestFailure } from './service-error.js';

export interface ServiceSettings {
  readonly server: string;
  readonly token?: string | undefined;
  /** One a command: the service's log lines of it carry this id. */
  readonly traceId: string;
  readonly clock: Clock;
  /** How long to go on trying when the service does not answer. */
  readonly patienceMs: number;
  readonly onWait: (waitedMs: number) => void;
  readonly signal: AbortSignal;
}

/** Parallel connections for bulk bytes. */
export const CONNECTIONS = 8;

/** A request whose body can be given again. */
export interface RepeatableRequest extends Omit<BulkRequest, 'signal' | 'body'> {
  readonly body: () => NonNullable<BulkRequest['body']>;
}

/** The service as the commands see it: refusals are ArchiveErrors, a service that is away for a while is waited for. */
export class Service {
  readonly #settings: ServiceSettings;
  readonly #api: ApiClient;
  readonly #bulk: BulkTransport;

  constructor(settings: ServiceSettings) {
    this.#settings = settings;
    const { server: baseUrl, token, traceId } = settings;
    this.#api = createApiClient({ baseUrl, token, traceId });
    this.#bulk = new BulkTransport({ baseUrl, token, traceId, connections: CONNECTIONS });
  }

  /** One JSON exchange; repeated while the service is away. Only for requests that may be repeated. */
  async call<T>(
    exchange: (api: ApiClient, signal: AbortSignal) => Promise<{ data?: T }>,
  ): Promise<T> {
    const { data } = await this.persist(async () => exchange(this.#api, this.#settings.signal));
    // `undefined` is what an answer without content gives.
    return data as T;
  }

  /** Bulk bytes out, a small answer in; repeated while the service is away. */
  async sendBulk(request: RepeatableRequest): Promise<Buffer> {
    const { signal } = this.#settings;
    return this.persist(async () =>
      this.#bulk.sendForBytes({ ...request, body: request.body(), signal }),
    );
  }

  /** A long answer. Not repeated once it has begun: the caller goes on from where it broke off. */
  async receive(path: string): Promise<BulkResponse> {
    return this.persist(async () =>
      this.#bulk.send({ method: 'GET', path, signal: this.#settings.signal }),
    );
  }

  /** Repeats what fails only because the service cannot be reached, with growing pauses, until patience ends. */
  async persist<T>(attempt: () => Promise<T>): Promise<T> {
    const { clock, patienceMs, onWait, signal } = this.#settings;
    const startedAt = clock.monotonicMs();
    for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      try {
        return await attempt();
      } catch (cause) {
        const error = requestFailure(cause, signal);
        const waitedMs = clock.monotonicMs() - startedAt;
        if (!isAway(error) || waitedMs + pauseMs > patienceMs) throw error;
        onWait(waitedMs);
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => {
        throw interrupted();
      });
    }
  }

  close(): void {
    this.#bulk.close();
  }
}

function isAway(error: unknown): boolean {
  return isArchiveError(
    error,
    'SERVER_UNREACHABLE',
    'SERVER_BUSY',
    'DATABASE_FAILED',
    'OBJECT_STORE_UNAVAILABLE',
  );
}
