import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderSize } from '../folder-size.js';
import type { BackupProgram, OpenArchive } from './backup-program.js';
import { runCommand } from './run-command.js';
import type { Run, Workbench } from './run-command.js';
import { versionOf } from './version-of.js';

/** Borg with a local, encrypted repository and its own defaults. */
export function borg(bench: Workbench): BackupProgram {
  return {
    name: 'borg',
    hint: 'apt-get install borgbackup, or https://www.borgbackup.org',
    version: () => Promise.resolve(versionOf('borg', '--version')),
    open: (room) => openBorg(room, bench),
  };
}

async function openBorg(room: string, bench: Workbench): Promise<OpenArchive> {
  const storage = join(room, 'repository');
  const env = {
    BORG_PASSPHRASE: 'bench',
    BORG_REPO: storage,
    // Keys, cache and settings: nothing of the user's own Borg is touched.
    BORG_BASE_DIR: join(room, 'home'),
  };
  const run = (args: readonly string[], cwd?: string): Promise<Run> =>
    runCommand({ command: 'borg', args, env, ...(cwd === undefined ? {} : { cwd }) }, bench);
  await run(['init', '--encryption=repokey-blake2']);
  let archives = 0;

  function create(folder: string): Promise<Run> {
    archives += 1;
    return run(['create', `::archive${archives}`, folder]);
  }

  return {
    name: 'borg',
    storage,
    backUp: create,
    async restore(folder, target) {
      await mkdir(target, { recursive: true });
      // It puts the whole path below the current folder.
      return {
        run: await run(['extract', `::archive${archives}`], target),
        folder: target + folder,
      };
    },
    addPackages: create,
    storedBytes: async () => (await folderSize(storage)).bytes,
    serverPeakBytes: () => undefined,
    close: () => Promise.resolve(),
  };
}
