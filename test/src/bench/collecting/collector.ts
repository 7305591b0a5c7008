import { setTimeout } from 'node:timers/promises';
import { CommandFailed } from '../programs/run-command.js';
import type { ServiceClient } from './service-client.js';

interface Job {
  readonly state: 'waiting' | 'active' | 'completed' | 'failed';
  readonly failure: string | null;
  readonly result: Readonly<Record<string, number>> | null;
}

/** What collections did, added up. */
export interface Collected {
  readonly rounds: number;
  readonly seconds: number;
  readonly repackedPacks: number;
  readonly copiedBytes: number;
  readonly deletedPacks: number;
  readonly skippedPacks: number;
}

const LOOK_EVERY_MS = 100;
/** What `setUpHousehold` calls it. */
const CONFIRM = ['Test'];

/**
 * Forgets one snapshot after the other, ends its time in the bin and has the service collect, with everything that could be worth it:
 * no grace, every pack with a dead chunk in it written anew. Until there is nothing to forget or it is told to stop.
 */
export async function collectAll(
  client: ServiceClient,
  snapshots: string[],
  stop: AbortSignal,
): Promise<Collected> {
  const sum = { repackedPacks: 0, copiedBytes: 0, deletedPacks: 0, skippedPacks: 0 };
  const start = performance.now();
  let rounds = 0;
  for (; !stop.aborted && snapshots.length > 0; rounds += 1) {
    const id = snapshots.shift();
    await client.post(`/api/v1/snapshots/${id}/forget`, { confirm: CONFIRM });
    await client.post('/api/v1/bin/empty', { confirm: CONFIRM });
    const result = await collect(client);
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += result[name] ?? 0;
  }
  return { rounds, seconds: (performance.now() - start) / 1000, ...sum };
}

async function collect(client: ServiceClient): Promise<Readonly<Record<string, number>>> {
  const { jobId } = await client.post<{ jobId: string }>('/api/v1/maintenance/collect', {
    ...{ noGrace: true, compact: true },
  });
  for (;;) {
    const { state, failure, result } = await client.get<Job>(`/api/v1/jobs/${jobId}`);
    if (state === 'failed') throw new CommandFailed(`Collection failed: ${failure}.`);
    if (state === 'completed') return result ?? {};
    await setTimeout(LOOK_EVERY_MS);
  }
}
