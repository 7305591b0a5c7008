import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError, isProblem } from '../api-error.js';
import { TRACEPARENT, traceparentOf } from '../trace-context.js';

export interface BulkRequest {
  readonly method: 'GET' | 'POST';
  /** Below the base URL, for example `/api/v1/uploads/…/chunks`. */
  readonly path: string;
  readonly contentType?: string;
  /** Whole buffers are sent with their length, anything else in pieces as it comes. */
  readonly body?: readonly Uint8Array[] | AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
}

export interface BulkResponse {
  readonly headers: IncomingMessage['headers'];
  readonly body: IncomingMessage;
}

/** A problem document is small. */
const PROBLEM_MAX_BYTES = 64 * 1024;

/** Moves bulk bytes over kept-alive connections: what `fetch` does slowly. A refusal is thrown as an ApiError. */
export class BulkTransport {
  readonly #baseUrl: URL;
  readonly #token: string | undefined;
  readonly #traceId: string | undefined;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(settings: {
    readonly baseUrl: string;
    readonly token?: string | undefined;
    /** Of the command that asks, see `newTraceId`. */
    readonly traceId?: string | undefined;
    readonly connections: number;
  }) {
    this.#baseUrl = new URL(settings.baseUrl);
    this.#token = settings.token;
    this.#traceId = settings.traceId;
    const options = { keepAlive: true, maxSockets: settings.connections, noDelay: true };
    this.#agent =
      this.#baseUrl.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /** The body must be read to its end or destroyed. */
  async send(bulk: BulkRequest): Promise<BulkResponse> {
    const response = await this.#exchange(bulk);
    if (response.statusCode !== undefined && response.statusCode < 300) {
      return { headers: response.headers, body: response };
    }
    throw new ApiError(await problemOf(response));
  }

  /** For answers that are small. */
  async sendForBytes(bulk: BulkRequest): Promise<Buffer> {
    const { body } = await this.send(bulk);
    const parts: Buffer[] = [];
    for await (const part of body as AsyncIterable<Buffer>) parts.push(part);
    return Buffer.concat(parts);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #exchange(bulk: BulkRequest): Promise<IncomingMessage> {
    const request = (this.#baseUrl.protocol === 'https:' ? httpsRequest : httpRequest)(
      new URL(bulk.path, this.#baseUrl),
      {
        method: bulk.method,
        agent: this.#agent,
        headers: this.#headers(bulk),
        signal: bulk.signal,
      },
    );
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.once('error', reject);
    });
    // The service may refuse before it has read everything: its answer matters more than our broken write.
    const sent = pipeline(
      bulk.body === undefined ? [] : Readable.from(bulk.body, { objectMode: false }),
      request,
    );
    sent.catch(() => undefined);
    return answered;
  }

  #headers(bulk: BulkRequest): Record<string, string> {
    const headers: Record<string, string> = {};
    if (this.#token !== undefined) headers['authorization'] = `Bearer ${this.#token}`;
    if (this.#traceId !== undefined) headers[TRACEPARENT] = traceparentOf(this.#traceId);
    if (bulk.contentType !== undefined) headers['content-type'] = bulk.contentType;
    if (Array.isArray(bulk.body)) {
      const parts = bulk.body as readonly Uint8Array[];
      headers['content-length'] = String(parts.reduce((sum, part) => sum + part.length, 0));
    }
    return headers;
  }
}

async function problemOf(response: IncomingMessage): Promise<ApiError['problem']> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= PROBLEM_MAX_BYTES) parts.push(part);
  }
  const status = response.statusCode ?? 0;
  try {
    const body: unknown = JSON.parse(Buffer.concat(parts).toString());
    if (isProblem(body)) return body;
  } catch {
    // Not a problem document: a proxy in between, most likely.
  }
  const code = status === 502 || status === 503 || status === 504 ? 'SERVER_BUSY' : 'INTERNAL';
  return {
    status,
    code,
    title: response.statusMessage ?? '',
    detail: `The service answered ${String(status)}.`,
  };
}
