import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** One request on its way and, once there is one, its answer. */
export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly status: number | undefined;
}

/** What happens on the line. A promise is waited for: one that never settles holds the request or the answer for good. */
export interface LineEvents {
  /** Before a request goes on to the service. */
  readonly asked?: (exchange: Exchange) => Promise<void> | void;
  /** Before an answer goes back to the agent. */
  readonly answered?: (exchange: Exchange) => Promise<void> | void;
  /** How much of an answer's body comes through before the connection breaks off; all of it without a number. */
  readonly answerBytes?: (exchange: Exchange) => number | undefined;
}

/** A way to the service that breaks when a test wants it to. */
export interface Line extends AsyncDisposable {
  readonly url: string;
  /** Every request that was made, in order. */
  readonly exchanges: readonly Exchange[];
  /** Breaks every connection. */
  close(): Promise<void>;
}

/** @param service where the service is, for example `http://127.0.0.1:4470` */
export async function openLine(service: string, events: LineEvents = {}): Promise<Line> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', service);
    const { pathname: path, searchParams: query } = url;
    const exchange = { method: request.method ?? '', path, query, status: undefined };
    exchanges.push(exchange);
    // Whatever fails between two programs looks to both like a connection that broke.
    passOn(url, { request, response, exchange }, events).catch(() => {
      request.destroy();
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, exchanges, close, [Symbol.asyncDispose]: close };
}

interface Pair {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly exchange: Exchange;
}

async function passOn(url: URL, pair: Pair, events: LineEvents): Promise<void> {
  const { request, response, exchange } = pair;
  await events.asked?.(exchange);
  const { method, headers } = request;
  const onward = ask(url, { method, headers: { ...headers, host: url.host }, agent: false });
  const sent = pipeline(request, onward);
  // The service may answer before it has read everything.
  sent.catch(() => undefined);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  const answered = { ...exchange, status: answer.statusCode };
  await events.answered?.(answered);
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  const limit = events.answerBytes?.(answered);
  if (limit === undefined) await pipeline(answer, response);
  else await passSome(answer, response, limit);
}

async function passSome(
  answer: IncomingMessage,
  response: ServerResponse,
  limit: number,
): Promise<void> {
  let left = limit;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    const part = piece.subarray(0, left);
    left -= part.length;
    // What was written before must have left before the connection goes.
    await new Promise((resolve) => {
      response.write(part, resolve);
    });
    if (left === 0) break;
  }
  answer.destroy();
  response.destroy();
}
