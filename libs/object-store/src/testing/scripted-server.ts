import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** One request, as the server got it. */
export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** As text; `''` for what was never sent. */
  readonly body: string;
}

/** What the server says to one request: an answer, or anything else that can be done with a connection. */
export type ScriptLine =
  | {
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | ((response: ServerResponse) => void);

export interface ScriptedServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Answers to come, in order; what comes behind them gets the last one again. */
  say(...script: ScriptLine[]): void;
  close(): Promise<void>;
}

/** A server that says what it is told, to whatever it is asked: for answers that no real server gives when wanted. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  let script: ScriptLine[] = [];
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const next = script.length > 1 ? script.shift() : script[0];
    void text(request).then(
      (body) => {
        const { method = '', url = '', headers } = request;
        seen.push({ method, url, headers, body });
        if (next === undefined) response.destroy();
        else if (typeof next === 'function') next(response);
        else answer(response, next);
      },
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    ...{ url: `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`, seen },
    say: (...lines) => (script = lines),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(
  response: ServerResponse,
  line: Exclude<ScriptLine, (...args: never[]) => void>,
): void {
  const body = line.body ?? '';
  const length = { 'content-length': Buffer.byteLength(body) };
  response.writeHead(line.status, { ...(line.status === 204 ? {} : length), ...line.headers });
  response.end(body);
}
