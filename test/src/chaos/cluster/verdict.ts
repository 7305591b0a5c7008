import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agent } from '@rootcellar/testkit';
import type { Evidence } from '../evidence.js';
import { everyItem } from '../inspection.js';
import type { Books } from '../books.js';
import { takeBackup } from './backups.js';
import type { ClusterLedger } from './cluster-ledger.js';

const SIDE_BY_SIDE = 3;
const SHOWN = 5;

/** Looks whether everything that was acknowledged is there, and nothing is left over. @returns what is wrong, in words */
export async function verdict(
  agent: Agent,
  order: {
    readonly ledger: ClusterLedger;
    readonly books: Books;
    readonly room: string;
    readonly bucketBytes: () => Promise<number>;
  },
): Promise<string[]> {
  const { ledger, books, room, bucketBytes } = order;
  const faults = [...ledger.faults];
  faults.push(...(await books.tidy()));
  const listed = new Set<string>();
  for await (const { id } of everyItem(agent, 'snapshot', 'list')) listed.add(id);
  for (const id of ledger.snapshots.keys()) {
    const gone = ledger.forgotten.has(id) || (ledger.doubtful.has(id) && !listed.has(id));
    if (!gone && !listed.has(id)) faults.push(`snapshot ${id} is not listed any more`);
    if (ledger.forgotten.has(id) && listed.has(id)) faults.push(`snapshot ${id} was forgotten`);
  }
  const left = [...listed];
  await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, async (_, lane) => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) {
        const to = join(room, 'check', String(lane));
        faults.push(...(await restored(agent, { id, to, ledger })));
      }
    }),
  );
  const scrub = await agent.run('admin', 'scrub');
  if (scrub.code !== 0) faults.push(`scrub ended with ${String(scrub.code)}: ${scrub.stdout}`);
  faults.push(...(await storageFaults(agent, await bucketBytes())));
  return faults;
}

async function restored(
  agent: Agent,
  order: { readonly id: string; readonly to: string; readonly ledger: ClusterLedger },
): Promise<string[]> {
  const { id, to, ledger } = order;
  await mkdir(to, { recursive: true });
  try {
    const end = await agent.run('restore', id, '--to', to);
    if (end.code !== 0) return [`snapshot ${id} does not restore: ${end.stdout}${end.stderr}`];
    const found = await takeBackup({ folder: end.json().path });
    const known = ledger.snapshots.get(id);
    if (known !== undefined) return different(id, known, found);
    const some = ledger.unheard.some((evidence) => different(id, evidence, found).length === 0);
    return some ? [] : [`snapshot ${id} is listed, and nobody pushed it`];
  } finally {
    await rm(to, { recursive: true, force: true });
  }
}

function different(id: string, was: Evidence, is: Evidence): string[] {
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path))
    .slice(0, SHOWN)
    .map((path) => `snapshot ${id}: ${path}: was ${was.get(path)}, is ${is.get(path)}`);
}

interface StorageReport {
  readonly uniqueBytes: number;
  readonly sharedBytes: number;
  readonly neededBytes: number;
  readonly packs: {
    readonly storedBytes: number;
    readonly payloadBytes: number;
    readonly overheadBytes: number;
    readonly uploadBytes: number;
  };
}

/** What the report says must be what lies in the bucket, and add up. */
async function storageFaults(agent: Agent, bucketBytes: number): Promise<string[]> {
  const report = (await agent.ok('storage')) as unknown as StorageReport;
  const { packs } = report;
  const sums: [string, number, number][] = [
    ['stored, and in the bucket', packs.storedBytes, bucketBytes],
    [
      'stored, and payload with overhead',
      packs.storedBytes,
      packs.payloadBytes + packs.overheadBytes,
    ],
    ['held by uploads, and none', packs.uploadBytes, 0],
    ['needed, and unique with shared', report.neededBytes, report.uniqueBytes + report.sharedBytes],
  ];
  return sums
    .filter(([, one, other]) => one !== other)
    .map(([what, one, other]) => `the storage report does not add up: ${what}: ${one} ≠ ${other}`);
}
