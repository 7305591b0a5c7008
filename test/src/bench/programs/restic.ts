import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderSize } from '../folder-size.js';
import type { BackupProgram, OpenArchive } from './backup-program.js';
import { runCommand } from './run-command.js';
import type { Run, Workbench } from './run-command.js';
import { versionOf } from './version-of.js';

/** restic with a local repository and its own defaults. */
export function restic(bench: Workbench): BackupProgram {
  return {
    name: 'restic',
    hint: 'apt-get install restic, or https://restic.net',
    version: () => Promise.resolve(versionOf('restic', 'version')),
    open: (room) => openRestic(room, bench),
  };
}

async function openRestic(room: string, bench: Workbench): Promise<OpenArchive> {
  const storage = join(room, 'repository');
  const env = {
    RESTIC_PASSWORD: 'bench',
    RESTIC_REPOSITORY: storage,
    RESTIC_CACHE_DIR: join(room, 'cache'),
  };
  const run = (args: readonly string[]): Promise<Run> =>
    runCommand({ command: 'restic', args: ['--json', '--quiet', ...args], env }, bench);
  await run(['init']);

  return {
    name: 'restic',
    storage,
    backUp: (folder) => run(['backup', folder]),
    async restore(folder, target) {
      await mkdir(target, { recursive: true });
      // It puts the whole path below the target.
      return { run: await run(['restore', 'latest', '--target', target]), folder: target + folder };
    },
    addPackages: (folder) => run(['backup', folder]),
    storedBytes: async () => (await folderSize(storage)).bytes,
    serverPeakBytes: () => undefined,
    close: () => Promise.resolve(),
  };
}
