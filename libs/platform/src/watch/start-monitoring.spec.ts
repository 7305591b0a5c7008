import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../metrics/metrics.js';
import { Readiness } from './readiness.js';
import { startMonitoring } from './start-monitoring.js';
import type { Monitoring } from './start-monitoring.js';

const performanceClock = { monotonicMs: () => performance.now() };
const fine = async (): Promise<void> => Promise.resolve();

async function started(
  options: { readonly database?: () => Promise<void> } = {},
): Promise<
  Monitoring & AsyncDisposable & { ask: (path: string, method?: string) => Promise<Response> }
> {
  const probes = { database: fine, objectStore: fine, queue: fine, ...options };
  const monitoring = await startMonitoring({
    ...{ port: 0, host: '127.0.0.1', registry: createMetrics().registry },
    checks: new Readiness(probes, performanceClock),
  });
  return {
    ...monitoring,
    ask: async (path, method = 'GET') =>
      fetch(`http://127.0.0.1:${monitoring.port}${path}`, { method }),
    [Symbol.asyncDispose]: async () => monitoring.close(),
  };
}

describe('the monitoring port', () => {
  it('gives metrics, those of the process as well', async () => {
    await using monitoring = await started();

    const answer = await monitoring.ask('/metrics');
    const text = await answer.text();

    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('rootcellar_upload_received_bytes_total 0');
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('says that it lives and is ready', async () => {
    await using monitoring = await started();

    expect((await monitoring.ask('/health/live')).status).toBe(200);
    const ready = await monitoring.ask('/health/ready');

    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ok', checks: { database: 'ok', objectStore: 'ok', queue: 'ok' } },
    ]);
  });

  it('is alive but not ready without its database', async () => {
    await using monitoring = await started({
      database: async () => Promise.reject(new Error('postgres://user:password@host')),
    });

    expect((await monitoring.ask('/health/live')).status).toBe(200);
    const ready = await monitoring.ask('/health/ready');

    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'down', checks: { database: 'down', objectStore: 'ok', queue: 'ok' } },
    ]);
  });

  it('has nothing else', async () => {
    await using monitoring = await started();

    expect((await monitoring.ask('/')).status).toBe(404);
    expect((await monitoring.ask('/api/v1/me')).status).toBe(404);
    expect((await monitoring.ask('/metrics', 'POST')).status).toBe(405);
    expect(await (await monitoring.ask('/metrics', 'HEAD')).text()).toBe('');
  });

  it('says when its port is taken', async () => {
    await using first = await started();
    const { registry } = createMetrics();
    const checks = new Readiness(
      { database: fine, objectStore: fine, queue: fine },
      performanceClock,
    );

    const second = startMonitoring({ port: first.port, host: '127.0.0.1', registry, checks });

    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
