import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Evidence } from '../evidence.js';

export interface BackupOrder {
  readonly folder: string;
  /** Nothing is made without it. */
  readonly make?: {
    readonly seed: number;
    readonly day: number;
    /** Of the device's own first backup. */
    readonly sizeMib: number;
    /** Added to it, the same on all devices. */
    readonly sharedMib: number;
    readonly sharedSeed: number;
  };
}

const SCRIPT = fileURLToPath(new URL('backup-process.js', import.meta.url));
const EVIDENCE_MAX = 256 * 2 ** 20;

/** Makes a backup, or its next day in its place. @returns what the folder is now */
export async function takeBackup(order: BackupOrder): Promise<Evidence> {
  await mkdir(order.folder, { recursive: true });
  const words = [SCRIPT, JSON.stringify(order)];
  const { stdout } = await promisify(execFile)(process.execPath, words, {
    maxBuffer: EVIDENCE_MAX,
  });
  return new Map(JSON.parse(stdout) as [string, string][]);
}

/** Bytes of all its files. */
export function sizeOf(evidence: Evidence): number {
  let bytes = 0;
  for (const facts of evidence.values()) bytes += Number(/^file \d+ (\d+) /.exec(facts)?.[1] ?? 0);
  return bytes;
}
