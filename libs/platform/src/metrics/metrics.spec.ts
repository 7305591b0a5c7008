import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { registerGauge } from './gauge.js';
import type { Reading } from './gauge.js';
import { createMetrics } from './metrics.js';

const REQUEST = { seconds: 0.1, bytesIn: 10, bytesOut: 20, status: 200 };

describe('metrics of requests', () => {
  it('have few labels, whatever is asked for', async () => {
    const { registry, http } = createMetrics();

    for (let n = 0; n < 1000; n += 1) {
      http.began();
      http.ended({ ...REQUEST, route: undefined, method: `METHOD${n}`, status: 404 });
    }

    const text = await registry.metrics();
    expect(text).toContain(
      'rootcellar_http_requests_total{route="none",method="other",status="404"} 1000',
    );
    expect(text).not.toContain('METHOD1');
    expect(text).toContain('rootcellar_http_requests_in_flight 0');
  });
});

describe('metrics of uploads', () => {
  it('say what was held, lacking, new and reused', async () => {
    const { registry, uploads } = createMetrics();

    uploads.asked(Uint8Array.of(1, 0, 1, 1));
    uploads.received(500);
    uploads.committed('missing');
    uploads.committed('committed', { logicalBytes: 1000, newBytes: 300 });

    const text = await registry.metrics();
    expect(text).toContain('rootcellar_upload_chunks_asked_total{answer="held"} 3');
    expect(text).toContain('rootcellar_upload_chunks_asked_total{answer="lacking"} 1');
    expect(text).toContain('rootcellar_upload_received_bytes_total 500');
    expect(text).toContain('rootcellar_upload_committed_bytes_total{kind="new"} 300');
    expect(text).toContain('rootcellar_upload_committed_bytes_total{kind="reused"} 700');
    expect(text).toContain('rootcellar_upload_commits_total{outcome="missing"} 1');
  });
});

describe('a gauge that is read when it is asked for', () => {
  async function shown(
    read: () => Promise<readonly Reading[]>,
    labels: string[],
  ): Promise<string[]> {
    const registry = new Registry();
    registerGauge(registry, { name: 'a_gauge', help: 'a gauge', labels, read });
    await registry.metrics();
    return (await registry.metrics()).split('\n').filter((line) => line.startsWith('a_gauge'));
  }

  it('shows what it reads', async () => {
    const readings: Reading[] = [
      [1, { state: 'a' }],
      [2, { state: 'b' }],
    ];

    const lines = await shown(async () => Promise.resolve(readings), ['state']);

    expect(lines).toEqual(['a_gauge{state="a"} 1', 'a_gauge{state="b"} 2']);
  });

  it.each([[[]], [['state']]])(
    'shows nothing rather than an old value: labels %j',
    async (labels) => {
      const given: Reading = [5, Object.fromEntries(labels.map((name) => [name, 'a']))];
      let asked = 0;

      const lines = await shown(async () => {
        asked += 1;
        return asked === 1 ? Promise.resolve([given]) : Promise.reject(new Error('gone'));
      }, labels);

      expect(lines).toEqual([]);
    },
  );
});
