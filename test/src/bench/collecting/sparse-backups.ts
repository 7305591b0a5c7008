import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBackup } from '@rootcellar/ios/testing';
import { sha256 } from '@rootcellar/model';
import type { Agent } from '@rootcellar/testkit';

/** Every backup after the first has so many-th of the files anew: when one is forgotten, that share of every older pack is dead. */
const PARTS = 8;
const FILE_BYTES = 2 ** 20;

/** Pushes a backup of incompressible files, then the same again and again with an eighth of them anew. @returns snapshots, oldest first */
export async function pushSparseBackups(
  agent: Agent,
  room: string,
  files: number,
): Promise<string[]> {
  const { folder } = await buildBackup(room, { files: [] });
  const snapshots: string[] = [];
  for (let round = 0; round <= PARTS; round += 1) {
    for (let file = 0; file < files; file += 1) {
      if (round === 0 || file % PARTS === round - 1) await writePayload(folder, file);
    }
    const { snapshotId } = await agent.ok('push', folder);
    snapshots.push(snapshotId);
  }
  return snapshots;
}

/** Under a name of which nobody can tell which file it is: packs hold some of every part. */
async function writePayload(folder: string, file: number): Promise<void> {
  const name = sha256(Buffer.from(`file ${file}`)).slice(0, 40);
  await mkdir(join(folder, name.slice(0, 2)), { recursive: true });
  await writeFile(join(folder, name.slice(0, 2), name), randomBytes(FILE_BYTES));
}
