import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { COMMAND_SCRIPT, PASSWORD, SERVICE_SCRIPT } from '@rootcellar/testkit';
import { folderSize } from '../folder-size.js';
import type { BackupProgram, OpenArchive } from './backup-program.js';
import { startService } from './rootcellar-service.js';
import type { RunningService } from './rootcellar-service.js';
import { CommandFailed, runCommand } from './run-command.js';
import type { Run, Workbench } from './run-command.js';

type RunOurs = (...args: readonly string[]) => Promise<Run>;

/** Rootcellar through its service on loopback: what a household runs, not the library below it. */
export function rootcellar(
  bench: Workbench,
  scripts = { service: SERVICE_SCRIPT, command: COMMAND_SCRIPT },
): BackupProgram {
  const { service, command } = scripts;
  return {
    name: 'ours',
    hint: 'npm run build',
    version: () =>
      Promise.resolve(
        existsSync(service) && existsSync(command)
          ? `this checkout, Node ${process.version}`
          : undefined,
      ),
    async open(room) {
      const running = await startService(room, bench);
      try {
        const run = await signIn({ command, room, service: running, bench });
        return openArchive(run, running);
      } catch (error) {
        await running.stop();
        throw error;
      }
    },
  };
}

async function signIn(of: {
  readonly command: string;
  readonly room: string;
  readonly service: RunningService;
  readonly bench: Workbench;
}): Promise<RunOurs> {
  const { command, room, service, bench } = of;
  // Sign-in and what the agent remembers of a folder stay with this run.
  const home = join(room, 'agent');
  const env = {
    ROOTCELLAR_CONFIG: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_STATE_HOME: join(home, 'state'),
  };
  await mkdir(env.ROOTCELLAR_CONFIG, { recursive: true });
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, PASSWORD, { mode: 0o600 });
  const run: RunOurs = (...args) =>
    runCommand({ command: process.execPath, args: [command, ...args, '--json'], env }, bench);
  await run(
    ...['setup', '--server', service.url],
    ...['--setup-token-file', join(service.data, 'setup-token')],
    ...['--household', 'Bench', '--name', 'Bench', '--email', 'bench@example.com'],
    ...['--password-file', passwordFile],
  );
  return run;
}

function openArchive(run: RunOurs, service: RunningService): OpenArchive {
  let newest: string | undefined;
  return {
    name: 'ours',
    storage: service.data,
    async backUp(folder) {
      const pushed = await run('push', folder);
      newest = snapshotIdOf(pushed.stdout);
      return pushed;
    },
    async restore(folder, target) {
      if (newest === undefined) throw new CommandFailed('Nothing was pushed yet.');
      await mkdir(target, { recursive: true });
      // It names the folder after the device, as the one it came from is named.
      const restored = await run('restore', newest, '--to', target);
      return { run: restored, folder: join(target, basename(folder)) };
    },
    async addPackages(folder) {
      const added = await run('app', 'add', folder);
      refuseRefused(added.stdout);
      return added;
    },
    storedBytes: async () => (await folderSize(service.data)).bytes,
    serverPeakBytes: () => service.peakBytes(),
    close: () => service.stop(),
  };
}

function snapshotIdOf(stdout: string): string {
  const answer = JSON.parse(stdout) as { readonly snapshotId?: unknown };
  if (typeof answer.snapshotId === 'string') return answer.snapshotId;
  throw new CommandFailed('`rootcellar push --json` named no snapshotId.');
}

/** A package that was not taken in would make the archive look small. */
function refuseRefused(stdout: string): void {
  const { items } = JSON.parse(stdout) as { readonly items?: readonly { status?: unknown }[] };
  if (items === undefined || items.length === 0) {
    throw new CommandFailed('`rootcellar app add --json` listed no items.');
  }
  const refused = items.filter(({ status }) => status === 'refused').length;
  if (refused > 0) throw new CommandFailed(`${refused} packages were refused.`);
}
