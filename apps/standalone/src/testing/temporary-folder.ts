import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPostmasterPid } from '../postgres/postmaster-pid.js';
import { commandLine } from '../postgres/previous-server.js';
import { MARK } from '../postgres/settings.js';

/** A folder that goes with the test: `await using folder = await temporaryFolder()`. */
export interface TemporaryFolder extends AsyncDisposable {
  /** Its own mode is 0700, as mktemp -d makes it. */
  readonly path: string;
}

/** Makes one. Its end also ends every PostgreSQL that a failed test left running on a cluster right inside of it. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'rootcellar-spec-')));
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      for (const name of await readdir(path)) await killServer(join(path, name));
      await rm(path, { recursive: true, maxRetries: 20 });
    },
  };
}

async function killServer(cluster: string): Promise<void> {
  const left = await readPostmasterPid(cluster).catch(() => undefined);
  if (left === undefined) return;
  const ours = (await commandLine(left.pid)).some((argument) => argument.startsWith(`${MARK}=`));
  if (ours) process.kill(left.pid, 'SIGQUIT');
}
