import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Body } from './s3-body.js';
import { EMPTY_BODY, piecesOf } from './s3-body.js';
import type { S3Environment } from './s3-environment.js';
import type { CompleteS3Settings, S3Timeouts } from './s3-settings.js';
import { signRequest } from './signed-request.js';
import type { S3Target, SignedRequest } from './signed-request.js';

export interface S3Request extends S3Target {
  readonly body?: S3Body;
  readonly signal?: AbortSignal | undefined;
}

/** Connections to one store: kept open, bounded, closed together. */
export interface S3Connection {
  /**
   * Signs a request and sends it once. Resolves with the beginning of the answer, whatever it says; its body must be read to its end or
   * destroyed.
   */
  send(request: S3Request): Promise<http.IncomingMessage>;
  readonly close: () => void;
}

/** From here on a body is worth asking before it is sent, whether it is wanted at all. */
const ASK_FIRST_BYTES = 1024 * 1024;
/** A server that knows nothing of `Expect: 100-continue` says nothing: it gets the body after this. */
const ASK_FIRST_MS = 1000;

export function openS3Connection(
  settings: CompleteS3Settings,
  environment: S3Environment,
): S3Connection {
  const { ca, connections, timeouts } = settings;
  const agentOptions = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections };
  const secure = new URL(settings.endpoint).protocol === 'https:';
  const agent = secure
    ? new https.Agent({ ...agentOptions, ...(ca !== undefined && { ca }) })
    : new http.Agent(agentOptions);
  const { lookup } = environment;

  return {
    send: async (request) => {
      const { method, signal, body = EMPTY_BODY } = request;
      signal?.throwIfAborted();
      const credentials =
        typeof settings.credentials === 'function'
          ? await settings.credentials()
          : settings.credentials;
      const signature = { credentials, now: environment.now(), sha256: body.sha256 };
      const signed = signRequest(settings, request, signature);
      const options = {
        ...{
          agent,
          method,
          ...signed,
          headers: headersOf(signed, request),
          setDefaultHeaders: true,
        },
        ...(lookup !== undefined && { lookup }),
        ...(signal !== undefined && { signal }),
        timeout: timeouts.silenceMs,
      };
      const outgoing = secure ? https.request(options) : http.request(options);
      return exchange(outgoing, body, timeouts);
    },
    close: () => agent.destroy(),
  };
}

function headersOf(signed: SignedRequest, { method, body }: S3Request): http.OutgoingHttpHeaders {
  const length = body?.bytes ?? 0;
  return {
    ...signed.headers,
    'user-agent': 'rootcellar',
    ...((method === 'PUT' || method === 'POST') && { 'content-length': length }),
    ...(length >= ASK_FIRST_BYTES && { expect: '100-continue' }),
  };
}

async function exchange(
  outgoing: http.ClientRequest,
  body: S3Body,
  { connectMs, silenceMs }: S3Timeouts,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = setTimeout(sendBody, ASK_FIRST_MS).unref();
    if (outgoing.getHeader('expect') === undefined) sendBody();
    else outgoing.once('continue', sendBody).flushHeaders();
    outgoing.once('socket', (socket) => boundConnecting(outgoing, socket, connectMs));
    outgoing.on('timeout', () => outgoing.destroy(timedOut('silence', silenceMs)));
    outgoing.on('error', (error) => {
      clearTimeout(asked);
      reject(error);
    });
    outgoing.once('response', (answer) => {
      clearTimeout(asked);
      // An answer that came before the whole body was sent: the connection is of no use to anybody else.
      answer.once('close', () => {
        if (!outgoing.writableFinished) outgoing.destroy();
      });
      resolve(answer);
    });

    function sendBody(): void {
      clearTimeout(asked);
      if (outgoing.writableEnded || outgoing.destroyed) return;
      if (body.bytes === 0) outgoing.end();
      // What breaks here breaks the request, whose error is the one to tell.
      else pipeline(Readable.from(piecesOf(body.parts)), outgoing).catch(reject);
    }
  });
}

function boundConnecting(outgoing: http.ClientRequest, socket: Socket, connectMs: number): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => outgoing.destroy(timedOut('connecting', connectMs)), connectMs);
  const done = (): void => clearTimeout(timer);
  socket.once('encrypted' in socket ? 'secureConnect' : 'connect', done).once('close', done);
}

/** In the form of a system error, which it stands for. */
function timedOut(what: string, milliseconds: number): Error {
  const error = new Error(`S3: ${what} for ${milliseconds} ms`);
  return Object.assign(error, { code: 'ETIMEDOUT', syscall: 'request' });
}
