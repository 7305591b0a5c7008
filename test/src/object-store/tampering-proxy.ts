import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** What goes wrong on the way; all of it may change while the proxy runs. */
export interface Tampering {
  /** Changes bytes of a body on its way to the server. */
  damage?: (piece: Buffer) => Buffer;
  /** Breaks the connection when so much of an answer's body has come through. */
  answerBytes?: number;
  /** Breaks the connection behind this many bytes of a request's body. */
  requestBytes?: number;
}

/** A way to an S3 server on which bytes get damaged or lost. Host names pass unchanged, for they are signed. */
export async function openTamperingProxy(
  server: string,
  tampering: Tampering,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const proxy = createServer((request, response) => {
    pass(new URL(request.url ?? '', server), { request, response }, tampering).catch(() => {
      request.destroy();
      response.destroy();
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`,
    close: async () => {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

async function pass(
  url: URL,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  tampering: Tampering,
): Promise<void> {
  const { method, headers } = request;
  const onward = ask(url, { method, headers, agent: false });
  const answered = once(onward, 'response') as Promise<[IncomingMessage]>;
  answered.catch(() => undefined);
  let sent = 0;
  await pipeline(
    request,
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        sent += piece.length;
        if (sent > (tampering.requestBytes ?? Infinity)) throw new Error('broken on purpose');
        yield tampering.damage?.(piece) ?? piece;
      }
    },
    onward,
  );
  const [answer] = await answered;
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  let given = 0;
  await pipeline(
    answer,
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        given += piece.length;
        if (given > (tampering.answerBytes ?? Infinity)) throw new Error('broken on purpose');
        yield piece;
      }
    },
    response,
  );
}
