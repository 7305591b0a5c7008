import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SHARED_SERVER_MS, makeTemporaryFolder, sharedCephRgw } from '@rootcellar/testkit';
import type { TemporaryFolder } from '@rootcellar/testkit';
import { OUTAGES } from './outages.js';
import { runCluster } from './run-cluster.js';
import type { ClusterReport } from './run-cluster.js';

const PLAY_MS = 5 * 60_000;

let room: TemporaryFolder;
let report: ClusterReport;
beforeAll(async () => {
  room = await makeTemporaryFolder('rootcellar-cluster');
  report = await runCluster({
    ...{ room: room.path, s3: await sharedCephRgw(), log: () => undefined },
    options: {
      ...{ help: false, single: false, json: undefined, seed: 3, mib: 12, agents: 2, rounds: 2 },
      ...{ killEvery: 1, killsMin: 1, collects: true, outages: OUTAGES, outageSeconds: 2 },
    },
  });
}, SHARED_SERVER_MS + PLAY_MS);
afterAll(async () => room.remove());

describe('two api and two worker processes, killed, with their servers taken away', () => {
  it('lose nothing that was acknowledged, and leave nothing over', () => {
    expect(report.faults).toEqual([]);
    expect(report.snapshots).toBeGreaterThan(1);
    expect(report.forgotten).toBeGreaterThan(0);
    expect(report.collections).toBeGreaterThan(0);
    expect(report.strikes).toBeGreaterThan(0);
  });

  it.each(OUTAGES)('are well again after %s', (outage) => {
    const recovery = report.recoveries.find((one) => one.outage === outage);

    expect(recovery).toMatchObject({
      ...{ ready: expect.any(Number), push: expect.any(Number), job: expect.any(Number) },
    });
  });

  it('need no supervisor for it', () => {
    expect(report.deaths).toBe(0);
  });
});
