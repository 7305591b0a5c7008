import { createHash } from 'node:crypto';
import { lstat, readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { comparePaths } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';

/** `expected.json` of a fixture: what went into the vault, noted from the files themselves. */
export interface ExpectedVault {
  readonly format: number;
  readonly householdId: HouseholdId;
  readonly roots: readonly ExpectedRoot[];
}

export interface ExpectedRoot {
  readonly id: string;
  readonly kind: 'snapshot' | 'artifact';
  /** In path order, as {@link lineOf} writes them. */
  readonly entries: readonly string[];
}

/** An entry in one line. The path comes last: it may hold anything but a line break. */
export function lineOf(entry: {
  readonly path: string;
  readonly type: 'file' | 'folder';
  readonly mtimeNs: bigint;
  readonly size: number | bigint;
  /** Undefined for folders. */
  readonly sha256: string | undefined;
}): string {
  const { path, type, mtimeNs, size, sha256 = '-' } = entry;
  return `${type} ${mtimeNs} ${size} ${sha256} ${path}`;
}

/** What a backup folder holds. */
export async function expectedOfFolder(folder: string): Promise<string[]> {
  const paths = ['', ...(await readdir(folder, { recursive: true, encoding: 'utf8' }))];
  const sorted = paths.sort(comparePaths);
  return Promise.all(sorted.map(async (path) => expectedLine(join(folder, path), path)));
}

/** What a package is kept as: one file of its own name. */
export async function expectedOfPackage(file: string): Promise<string[]> {
  return [await expectedLine(file, basename(file))];
}

async function expectedLine(file: string, path: string): Promise<string> {
  const facts = await lstat(file, { bigint: true });
  const { mtimeNs, size } = facts;
  if (facts.isDirectory())
    return lineOf({ path, type: 'folder', mtimeNs, size: 0, sha256: undefined });
  const digest = createHash('sha256').update(await readFile(file));
  return lineOf({ path, type: 'file', mtimeNs, size, sha256: digest.digest('hex') });
}
