import { beforeAll, describe, expect, it } from '@jest/globals';
import { SHARED_SERVER_MS, sharedCephRgw } from '@rootcellar/testkit';
import { rehearse } from './rehearse.js';
import type { RehearsalReport } from './rehearse.js';

const PLAY_MS = 5 * 60_000;

let report: RehearsalReport;
beforeAll(async () => {
  const s3 = await sharedCephRgw();
  report = await rehearse({ s3, mib: 6, rounds: 1, log: () => undefined });
}, SHARED_SERVER_MS + PLAY_MS);

describe('the processes of docker-compose.yml, started as it says on real servers', () => {
  it('take in backups through Caddy, give them back as they were, and collect', () => {
    expect(report.deletedPacks).toBeGreaterThan(0);
  });

  it('are replaced one after the other under load, and nobody notices', () => {
    expect(report.load.restores).toBeGreaterThan(0);
    expect(report.load.restores).toBe(report.load.pushes);
    expect(report.load).toMatchObject({ refused: 0 });
  });

  it('end by themselves when they are told to', () => {
    expect(report.exitCodes).toHaveLength(9);
    expect(new Set(report.exitCodes)).toEqual(new Set([0]));
  });

  it('are reached by TLS only, and show no figures to the world', () => {
    expect(report.plainStatus).toBe(308);
    expect(report.plainLocation).toMatch(/^https:/);
    expect(report.metricsStatus).toBe(404);
  });
});
