import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '@rootcellar/catalog';
import type { HouseholdId, MemberId } from '@rootcellar/model';
import { ADMINISTRATOR, PASSWORD, makeAgent, setUpHousehold } from '@rootcellar/testkit';
import { collectAll } from '../collecting/collector.js';
import type { Collected } from '../collecting/collector.js';
import { describe, summarize } from '../collecting/latencies.js';
import { openServiceDatabase } from '../collecting/service-database.js';
import { signIn } from '../collecting/service-client.js';
import type { ServiceClient } from '../collecting/service-client.js';
import { pushSparseBackups } from '../collecting/sparse-backups.js';
import { Uploader } from '../collecting/uploader.js';
import type { UploadWaits } from '../collecting/uploader.js';
import { fillRows } from '../household/fill-rows.js';
import { startService } from '../programs/rootcellar-service.js';
import type { Workbench } from '../programs/run-command.js';
import type { BenchRun } from './bench-run.js';

export interface CollectingOptions {
  readonly seed: number;
  /** Of the first backup; as much again comes in the later ones. */
  readonly sizeMib: number;
  /** Rows of chunks beside those; none for 0. */
  readonly chunks: number;
  /** How long is measured with collection, and how long without. */
  readonly seconds: number;
}

/** Without, with, without, with: a machine that gets slower meanwhile gets slower for both. */
const TURNS = 2;
const SNAPSHOTS = 300;
/** Of the rows of chunks, those nobody needs. */
const DEAD_SHARE = 0.1;
const SETTLE_MS = 2000;

/** Uploads to a service that collects, and to the same that does not: how much longer do they wait? */
export async function runCollecting(
  options: CollectingOptions,
  bench: BenchRun,
  workbench: Workbench,
): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const service = await startService(bench.room, workbench);
  opened.defer(async () => service.stop());
  const agent = makeAgent({ home: join(bench.room, 'agent'), url: service.url, ...workbench });
  await setUpHousehold(agent, { setupTokenFile: join(service.data, 'setup-token') });
  if (options.chunks > 0) await fillRowsBeside(options, service.data, bench);
  const backups = join(bench.room, 'backups');
  await mkdir(backups, { recursive: true });
  const snapshots = await pushSparseBackups(agent, backups, options.sizeMib);
  const client = await signIn(service.url, { email: ADMINISTRATOR.email, password: PASSWORD });
  opened.defer(() => client.close());
  // The rows came behind the service's back; a service that runs has looked at every household within the hour.
  await client.get('/api/v1/storage');
  // The newest stays.
  await measure(options, client, snapshots.slice(0, -1), bench);
}

async function measure(
  { seconds }: CollectingOptions,
  client: ServiceClient,
  snapshots: string[],
  { figures, note }: BenchRun,
): Promise<void> {
  const uploader = await Uploader.open(client);
  await uploader.run(AbortSignal.timeout(SETTLE_MS));
  const phase = (): AbortSignal => AbortSignal.timeout((seconds * 1000) / TURNS);
  const quiet: UploadWaits = { have: [], body: [] };
  const busy: UploadWaits = { have: [], body: [] };
  for (let turn = 1; turn <= TURNS; turn += 1) {
    add(quiet, await uploader.run(phase()));
    const over = new AbortController();
    const end = AbortSignal.any([phase(), over.signal]);
    const [waits, collected] = await Promise.all([
      uploader.run(end),
      collectAll(client, snapshots, end).finally(() => over.abort()),
    ]);
    add(busy, waits);
    note(`Collecting, turn ${turn}: ${tell(collected)}`);
  }
  for (const kind of ['have', 'body'] as const) {
    const [without, during] = [summarize(quiet[kind]), summarize(busy[kind])];
    note(`Collecting, ${kind}: without ${describe(without)}; with ${describe(during)}.`);
    figures.record(`${kind}-p99`, 'ours', without.p99);
    figures.record(`${kind}-p99-collecting`, 'ours', during.p99);
  }
}

async function fillRowsBeside(
  { seed, chunks }: CollectingOptions,
  data: string,
  { note }: BenchRun,
): Promise<void> {
  const database = await openServiceDatabase(data);
  try {
    const dead = Math.floor(chunks * DEAD_SHARE);
    const order = { ...{ seed, chunks, dead }, snapshots: SNAPSHOTS, versions: 0 };
    const filled = await fillRows(database, await ownerIn(database), order);
    note(`Rows: ${chunks} chunks in ${filled.packs} packs, ${filled.dead} needed by nobody.`);
  } finally {
    await database.destroy();
  }
}

async function ownerIn(
  database: Database,
): Promise<{ readonly householdId: HouseholdId; readonly memberId: MemberId }> {
  const [owner] = await database.query<{ householdId: HouseholdId; memberId: MemberId }[]>(
    'select household_id as "householdId", id as "memberId" from member',
  );
  if (owner === undefined) throw new Error('the service was set up a moment ago');
  return owner;
}

function add(sum: UploadWaits, { have, body }: UploadWaits): void {
  sum.have.push(...have);
  sum.body.push(...body);
}

function tell({ rounds, seconds, ...did }: Collected): string {
  return (
    `${rounds} collections in ${seconds.toFixed(0)} s, ${did.repackedPacks} packs written anew ` +
    `(${(did.copiedBytes / 1e6).toFixed(0)} MB), ${did.deletedPacks} deleted, ${did.skippedPacks} skipped.`
  );
}
