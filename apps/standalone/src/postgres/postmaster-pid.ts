import { join } from 'node:path';
import { readPrivateFile } from '../private-file.js';

/** What a server writes about itself (PostgreSQL's src/include/utils/pidfile.h): a line each, the last one its state. */
export interface PostmasterPid {
  readonly pid: number;
  readonly ready: boolean;
}

/** Undefined when there is no such file, or it is still being written. */
export async function readPostmasterPid(folder: string): Promise<PostmasterPid | undefined> {
  const lines = ((await readPrivateFile(join(folder, 'postmaster.pid'))) ?? '').split('\n');
  const [pid = ''] = lines;
  if (!/^[1-9]\d{0,9}$/.test(pid)) return undefined;
  return { pid: Number(pid), ready: lines[7]?.trim() === 'ready' };
}
