import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Readiness } from './readiness.js';

export interface MonitoringSettings {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  readonly registry: Registry;
  readonly checks: Readiness;
}

export interface Monitoring {
  readonly port: number;
  close(): Promise<void>;
}

/** A few scrapers and probes. */
const CONNECTIONS_MAX = 64;

/**
 * `/metrics`, `/health/live` and `/health/ready` on a port of their own, for processes of every kind. Without a sign-in: what is
 * told names nobody, but the port belongs into a network of one's own.
 * @throws the listener's own error (EADDRINUSE, EACCES, EADDRNOTAVAIL)
 */
export async function startMonitoring(settings: MonitoringSettings): Promise<Monitoring> {
  const { registry } = settings;
  // Once a process: it starts observers of the event loop and of garbage collection.
  if (registry.getSingleMetric('process_cpu_seconds_total') === undefined)
    collectDefaultMetrics({ register: registry });
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 10_000 },
    (request, response) => {
      answer(request, settings).then(
        (given) => send(response, request, given),
        () => send(response, request, { status: 500, type: 'text/plain', body: 'failed\n' }),
      );
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Given {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(
  { method, url = '' }: IncomingMessage,
  { registry, checks }: MonitoringSettings,
): Promise<Given> {
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'GET only\n');
  switch (url.split('?')[0]) {
    case '/metrics':
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    case '/health/live':
      return json(200, { status: 'ok' });
    case '/health/ready': {
      const report = await checks.look();
      const status = checks.judge(report);
      const ready = status === 'ok' || status === 'degraded';
      return json(ready ? 200 : 503, { status, checks: report });
    }
    case undefined:
    default:
      return text(404, 'There is /metrics, /health/live and /health/ready.\n');
  }
}

function text(status: number, body: string): Given {
  return { status, type: 'text/plain; charset=utf-8', body };
}

function json(status: number, value: unknown): Given {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` };
}

function send(response: ServerResponse, request: IncomingMessage, given: Given): void {
  const body = Buffer.from(given.body);
  response.writeHead(given.status, {
    'content-type': given.type,
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
