import { describe, expect, it } from '@jest/globals';
import { readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBackup } from '@rootcellar/ios/testing';
import type { BackupSpec } from '@rootcellar/ios/testing';
import { runProgram } from '../program.js';
import { SmallService, refuse } from '../testing/small-service.js';
import type { TempFolder } from '../testing/temp-folder.js';
import { tempFolder } from '../testing/temp-folder.js';
import { run, signIn, tryWorld } from '../testing/try-world.js';
import type { WorldSpec } from '../testing/try-world.js';

interface Tried {
  readonly spec: WorldSpec;
  readonly folder: string;
}

async function tryPush(
  temp: TempFolder,
  service: SmallService,
  backup: BackupSpec = {},
): Promise<Tried> {
  const configFolder = join(temp.path, 'config');
  await signIn(configFolder, service.url);
  const { folder } = await buildBackup(temp.path, { folders: 'needed', ...backup });
  return { spec: { configFolder }, folder };
}

const FILE = {
  domain: 'HomeDomain',
  path: 'note.txt',
  content: 'a note',
  digest: 'right',
} as const;

describe('push', () => {
  it('names every file and folder in the commit, and sends its bytes', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder } = await tryPush(temp, service);

    const { exitCode, out } = await run(spec, 'push', folder, '--json');

    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ snapshotId: service.snapshotId, complete: true });
    const names = await readdir(folder, { recursive: true });
    expect(service.entries.map(({ path }) => path).toSorted()).toEqual(['', ...names].toSorted());
    for (const { path, type, refs } of service.entries.filter((entry) => entry.type === 'file')) {
      const kept = refs.map(({ id }) => service.chunks.get(id) ?? Buffer.alloc(0));
      expect([path, type, Buffer.concat(kept)]).toEqual([
        path,
        'file',
        await readFile(join(folder, path)),
      ]);
    }
  });

  it('sends nothing the second time, even when its memory was deleted', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder } = await tryPush(temp, service);
    await run(spec, 'push', folder);

    const again = await run(spec, 'push', folder, '--json');
    await rm(join(spec.configFolder, 'push-memory'), { recursive: true });
    const forgotten = await run(spec, 'push', folder, '--json');

    for (const { exitCode, out } of [again, forgotten]) {
      expect(exitCode).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ sentBytes: 0, newBytes: 0 });
    }
  });

  it('sends again what the service lost between asking and the commit', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder } = await tryPush(temp, service);
    let commits = 0;
    service.intercept = ({ path }) => {
      if (path.endsWith('/commit') && (commits += 1) === 1) service.chunks.clear();
      return false;
    };

    const { exitCode } = await run(spec, 'push', folder);

    expect([exitCode, commits]).toEqual([0, 2]);
  });

  it('gives up on a service that loses chunks every time', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder } = await tryPush(temp, service);
    service.intercept = ({ path }) => {
      if (path.endsWith('/commit')) service.chunks.clear();
      return false;
    };

    const { exitCode, err } = await run(spec, 'push', folder);

    expect(exitCode).toBe(11);
    expect(err).toContain('CHUNK_UNKNOWN');
    expect(service.entries).toEqual([]);
  });

  it('stops on Ctrl-C with 130, says that it goes on later, and does', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder } = await tryPush(temp, service);
    const world = tryWorld(spec);
    service.intercept = ({ path }) => {
      if (path.endsWith('/commit')) world.interrupt();
      return path.endsWith('/commit');
    };

    const exitCode = await runProgram(world, ['push', folder, '--json']);
    service.intercept = () => false;
    const again = await run(spec, 'push', folder, '--json');

    expect(exitCode).toBe(130);
    expect(world.stderr.text).toMatch(/Interrupted\. .* is kept .* goes on from there/);
    expect(JSON.parse(world.stdout.text)).toMatchObject({ error: { code: 'INTERRUPTED' } });
    expect(JSON.parse(again.out)).toMatchObject({ sentBytes: 0 });
  });

  it('stops while it still looks through the folder, with the same words', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder } = await tryPush(temp, service);
    const world = tryWorld(spec);
    world.interrupt();

    const exitCode = await runProgram(world, ['push', folder]);

    expect(exitCode).toBe(130);
    expect(world.stderr.text).toContain('goes on from there');
  });

  it('waits for a service that restarts, and says once for whom', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder } = await tryPush(temp, service);
    let away = 3;
    service.intercept = ({ response }) =>
      (away -= 1) >= 0 && refuse(response, 503, 'SERVER_BUSY', 'Restarting.');

    const { exitCode, err } = await run(spec, 'push', folder);

    expect(exitCode).toBe(0);
    expect(err).toBe(`Waiting for the service at ${service.url}; giving up in 5 min 0 s …\n`);
  });

  it('takes a folder that is named by a link', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder } = await tryPush(temp, service);
    await symlink(folder, join(temp.path, 'link'));

    const { exitCode } = await run(spec, 'push', join(temp.path, 'link'));

    expect(exitCode).toBe(0);
  });

  it('refuses a link inside of the folder before it sends anything', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder } = await tryPush(temp, service);
    await symlink('/etc/hostname', join(folder, 'link'));

    const { exitCode, err } = await run(spec, 'push', folder);

    expect(exitCode).toBe(20);
    expect(err).toContain('BACKUP_PATH_UNSAFE');
    expect(service.requests).toEqual([]);
  });

  it('refuses a backup of which files are missing, unless told to keep it', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const gone = { ...FILE, path: 'gone.txt', missing: true };
    const { spec, folder } = await tryPush(temp, service, { files: [FILE, gone] });

    const refused = await run(spec, 'push', folder);
    const asked = service.requests.length;
    const kept = await run(spec, 'push', folder, '--accept-incomplete', '--json');

    expect([refused.exitCode, asked, kept.exitCode]).toEqual([20, 0, 0]);
    expect(refused.err).toMatch(/1 file .* is missing/);
    expect(JSON.parse(kept.out)).toMatchObject({ complete: false, missingFiles: 1 });
  });

  it('refuses a backup of which files are damaged, unless told to keep it', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const wrong = { ...FILE, digest: 'wrong' } as const;
    const { spec, folder } = await tryPush(temp, service, { files: [wrong] });

    const refused = await run(spec, 'push', folder);
    const kept = await run(spec, 'push', folder, '--accept-incomplete', '--json');

    expect([refused.exitCode, kept.exitCode]).toEqual([20, 0]);
    expect(refused.err).toContain('BACKUP_DIGEST_MISMATCH');
    expect(service.count('/commit')).toBe(1);
    expect(JSON.parse(kept.out)).toMatchObject({ complete: false, damagedFiles: 1 });
  });

  it('records nothing when a file comes while it sends', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder } = await tryPush(temp, service);
    service.intercept = async ({ path }) => {
      if (path.endsWith('/chunks')) await writeFile(join(folder, 'new'), '');
      return false;
    };

    const { exitCode, err } = await run(spec, 'push', folder);

    expect(exitCode).toBe(75);
    expect(err).toContain('BACKUP_CHANGING');
    expect(service.count('/commit')).toBe(0);
  });
});
