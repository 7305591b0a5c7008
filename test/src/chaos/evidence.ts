import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What a folder was when it was pushed: for each path its kind, modification time and content, in one line. */
export type Evidence = ReadonlyMap<string, string>;

const SHOWN = 10;

/** Takes the evidence of a folder. Links count as what they are: no restore may make one. */
export async function takeEvidence(folder: string): Promise<Evidence> {
  const evidence = new Map<string, string>();
  const paths = await readdir(folder, { recursive: true, encoding: 'utf8' });
  for (const path of ['', ...paths.sort()]) evidence.set(path, await factsOf(join(folder, path)));
  return evidence;
}

/** Where a folder is other than the evidence says, in words; the first few. */
export async function contradictions(evidence: Evidence, folder: string): Promise<string[]> {
  const found = await takeEvidence(folder);
  const wrong: string[] = [];
  for (const path of new Set([...evidence.keys(), ...found.keys()])) {
    const [was, is] = [evidence.get(path), found.get(path)];
    if (was === is) continue;
    wrong.push(`${path}: was ${was ?? 'not there'}, is ${is ?? 'missing'}`);
    if (wrong.length === SHOWN) break;
  }
  return wrong;
}

export async function sha256OfFile(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}

async function factsOf(path: string): Promise<string> {
  const facts = await lstat(path, { bigint: true });
  if (facts.isDirectory()) return `folder ${facts.mtimeNs}`;
  if (!facts.isFile()) return 'neither file nor folder';
  return `file ${facts.mtimeNs} ${facts.size} ${await sha256OfFile(path)}`;
}
