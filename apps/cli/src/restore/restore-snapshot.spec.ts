import { describe, expect, it } from '@jest/globals';
import { lstatSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBackup } from '@rootcellar/ios/testing';
import { comparePaths, sha256 } from '@rootcellar/model';
import { runProgram } from '../program.js';
import { fileStream } from '../testing/file-stream.js';
import { SmallService } from '../testing/small-service.js';
import type { TempFolder } from '../testing/temp-folder.js';
import { tempFolder } from '../testing/temp-folder.js';
import { run, signIn, tryWorld } from '../testing/try-world.js';
import type { WorldSpec } from '../testing/try-world.js';

/** What the small service calls every device. */
const UDID = '00008101-0011223344556677';

interface Pushed {
  readonly spec: WorldSpec;
  readonly folder: string;
  readonly to: string;
}

async function pushed(temp: TempFolder, service: SmallService): Promise<Pushed> {
  const configFolder = join(temp.path, 'config');
  await signIn(configFolder, service.url);
  const { folder } = await buildBackup(temp.path, { folders: 'needed' });
  await run({ configFolder }, 'push', folder);
  return { spec: { configFolder }, folder, to: join(temp.path, 'restored') };
}

/** Every path with what matters of it. */
async function facts(root: string): Promise<unknown[]> {
  const names = await readdir(root, { recursive: true });
  const all = names.toSorted(comparePaths).map(async (name) => {
    const found = lstatSync(join(root, name), { bigint: true });
    const digest = found.isFile() ? sha256(await readFile(join(root, name))) : 'folder';
    return [name, digest, found.mtimeNs];
  });
  return Promise.all(all);
}

describe('restore', () => {
  it('gives back every byte, every name and every time', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder, to } = await pushed(temp, service);

    const { exitCode } = await run(spec, 'restore', service.snapshotId, '--to', to);

    expect(exitCode).toBe(0);
    expect(await readdir(to)).toEqual([UDID]);
    expect(await facts(join(to, UDID))).toEqual(await facts(folder));
  });

  it('goes on with a stream that breaks off, behind what is written', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder, to } = await pushed(temp, service);
    let streams = 0;
    service.intercept = ({ path, response }) => {
      if (!path.endsWith('/stream') || (streams += 1) > 1) return false;
      const whole = fileStream(service.entries, service.chunks);
      response.end(whole.subarray(0, whole.length / 2));
      return true;
    };

    const { exitCode, err } = await run(spec, 'restore', service.snapshotId, '--to', to);

    expect([exitCode, streams]).toEqual([0, 2]);
    expect(err).toContain('going on');
    expect(await facts(join(to, UDID))).toEqual(await facts(folder));
  });

  it('stops on Ctrl-C with 130, shows nothing under its name, and goes on the next time', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, folder, to } = await pushed(temp, service);
    const world = tryWorld(spec);
    service.intercept = ({ path, response }) => {
      if (!path.endsWith('/stream')) return false;
      const whole = fileStream(service.entries, service.chunks);
      response.write(whole.subarray(0, whole.length / 2), () => {
        world.interrupt();
      });
      return true;
    };

    const exitCode = await runProgram(world, ['restore', service.snapshotId, '--to', to, '--json']);
    const between = await readdir(to);
    service.intercept = () => false;
    const again = await run(spec, 'restore', service.snapshotId, '--to', to);

    expect(exitCode).toBe(130);
    expect(JSON.parse(world.stdout.text)).toMatchObject({ error: { code: 'INTERRUPTED' } });
    expect(world.stderr.text).toContain('goes on from there');
    expect(between.every((name) => name.startsWith('.'))).toBe(true);
    expect(again.exitCode).toBe(0);
    expect(again.err).toContain('Going on with a restore that was interrupted.');
    expect(await facts(join(to, UDID))).toEqual(await facts(folder));
    expect(await readdir(to)).toEqual([UDID]);
  });

  it('ends, and shows nothing, when a chunk is not what it should be', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, to } = await pushed(temp, service);
    const [id] = service.chunks.keys();
    const right = id === undefined ? undefined : service.chunks.get(id);
    if (id !== undefined && right !== undefined)
      service.chunks.set(id, Buffer.alloc(right.length, 0xee));

    const { exitCode, out } = await run(spec, 'restore', service.snapshotId, '--to', to, '--json');

    expect(exitCode).toBe(20);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'CHUNK_DAMAGED' } });
    expect(await readdir(to)).not.toContain(UDID);
  });

  it('touches nothing when a backup of the device lies there', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, to } = await pushed(temp, service);
    await mkdir(join(to, UDID), { recursive: true });
    await writeFile(join(to, UDID, 'mine'), 'mine');

    const { exitCode } = await run(spec, 'restore', service.snapshotId, '--to', to);

    expect(exitCode).toBe(11);
    expect(await facts(to)).toHaveLength(2);
    expect(service.count('/stream')).toBe(0);
  });

  it('writes a part beside what is there, or nothing of it', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const { spec, to } = await pushed(temp, service);
    const domain = ['--domain', 'HomeDomain'];
    await mkdir(to);
    await writeFile(join(to, 'mine'), 'mine');

    const first = await run(spec, 'restore', service.snapshotId, '--to', to, ...domain);
    const before = await facts(to);
    const second = await run(spec, 'restore', service.snapshotId, '--to', to, ...domain);

    expect([first.exitCode, second.exitCode]).toEqual([0, 11]);
    expect(await readdir(to)).toEqual(expect.arrayContaining(['mine', 'Manifest.db']));
    expect(await facts(to)).toEqual(before);
  });
});
