import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agent } from '@rootcellar/testkit';
import { openBooks } from './books.js';
import { contradictions, sha256OfFile } from './evidence.js';
import type { Evidence } from './evidence.js';
import type { Household } from './household.js';
import type { Ledger } from './ledger.js';

/**
 * Looks whether everything that was ever acknowledged is listed, complete and comes back identical, and whether the vault is clean.
 * @param unheard what a snapshot must be that is listed although its acknowledgement was not heard
 * @returns everything that is wrong, in words
 */
export async function inspect(
  household: Household,
  ledger: Ledger,
  { room, unheard }: { readonly room: string; readonly unheard: Evidence | undefined },
): Promise<string[]> {
  const { agent } = household;
  const faults = await checkSnapshotList(agent, ledger, unheard);
  faults.push(...(await checkPackageList(agent, ledger)));
  for (const [id, evidence] of ledger.snapshots) {
    faults.push(...(await checkSnapshot(agent, { id, evidence, to: join(room, 'check') })));
  }
  for (const [id, { sha256 }] of ledger.packages) {
    faults.push(...(await checkPackage(agent, { id, sha256, to: join(room, 'check') })));
  }
  const scrub = await agent.run('admin', 'scrub');
  if (scrub.code !== 0) faults.push(`scrub ended with ${String(scrub.code)}: ${scrub.stdout}`);
  await using books = await openBooks(household.data);
  const open = await books.openUploads();
  if (open > ledger.kills) faults.push(`${open} uploads are open after ${ledger.kills} kills`);
  return faults;
}

async function checkSnapshotList(
  agent: Agent,
  ledger: Ledger,
  unheard: Evidence | undefined,
): Promise<string[]> {
  const faults: string[] = [];
  const listed = new Set<string>();
  for await (const { id, complete } of everyItem(agent, 'snapshot', 'list')) {
    listed.add(id);
    if (!complete) faults.push(`snapshot ${id} is listed as not complete`);
    if (ledger.snapshots.has(id)) continue;
    // Committed, and then its command died: what is listed counts as acknowledged.
    if (unheard === undefined) faults.push(`snapshot ${id} is listed, and nobody pushed it`);
    else ledger.snapshots.set(id, unheard);
  }
  for (const id of ledger.snapshots.keys()) {
    if (!listed.has(id)) faults.push(`snapshot ${id} is not listed any more`);
  }
  return faults;
}

async function checkPackageList(agent: Agent, ledger: Ledger): Promise<string[]> {
  let listed = 0;
  for await (const app of everyItem(agent, 'app', 'list')) {
    listed += (app as unknown as { readonly artifacts: number }).artifacts;
  }
  const known = ledger.packages.size;
  return listed === known ? [] : [`${listed} packages are listed and ${known} were acknowledged`];
}

async function checkSnapshot(
  agent: Agent,
  { id, evidence, to }: { readonly id: string; readonly evidence: Evidence; readonly to: string },
): Promise<string[]> {
  await mkdir(to, { recursive: true });
  try {
    const end = await agent.run('restore', id, '--to', to);
    if (end.code !== 0) return [`snapshot ${id} does not restore: ${end.stdout}${end.stderr}`];
    const wrong = await contradictions(evidence, end.json().path);
    return wrong.map((difference) => `snapshot ${id}: ${difference}`);
  } finally {
    await rm(to, { recursive: true, force: true });
  }
}

async function checkPackage(
  agent: Agent,
  { id, sha256, to }: { readonly id: string; readonly sha256: string; readonly to: string },
): Promise<string[]> {
  await mkdir(to, { recursive: true });
  const file = join(to, 'package.ipa');
  try {
    const end = await agent.run('app', 'get', id, '--to', file);
    if (end.code !== 0) return [`package ${id} does not come back: ${end.stdout}${end.stderr}`];
    return (await sha256OfFile(file)) === sha256 ? [] : [`package ${id} is not what was added`];
  } finally {
    await rm(to, { recursive: true, force: true });
  }
}

/** All pages of a list; small ones, so that there are several. */
export async function* everyItem(
  agent: Agent,
  ...command: readonly string[]
): AsyncGenerator<Awaited<ReturnType<Agent['ok']>>> {
  let cursor: string | null = null;
  do {
    const at: readonly string[] = cursor === null ? [] : ['--cursor', cursor];
    const page = await agent.ok(...command, '--limit', '20', ...at);
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
