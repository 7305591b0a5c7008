import { describe, expect, it } from '@jest/globals';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId, sha256, systemClock } from '@rootcellar/model';
import { SmallService } from '../testing/small-service.js';
import { tempFolder } from '../testing/temp-folder.js';
import { run, signIn } from '../testing/try-world.js';
import type { Ended } from '../testing/try-world.js';

const ID = newId(systemClock);
const PACKAGE = Buffer.from('a package');

interface Got extends Ended {
  readonly folder: string;
}

/** Asks for a package from a service that answers with these bytes under this digest. */
async function get(
  temp: { readonly path: string },
  answer: { readonly bytes: Buffer; readonly digest: string },
): Promise<Got> {
  await using service = await SmallService.start();
  const [configFolder, folder] = [join(temp.path, 'config'), join(temp.path, 'to')];
  await signIn(configFolder, service.url);
  service.intercept = ({ path, response }) => {
    if (!path.endsWith(`/${ID}/content`)) return false;
    response.setHeader('x-content-sha256', answer.digest).end(answer.bytes);
    return true;
  };
  const ended = await run(
    { configFolder },
    'app',
    'get',
    ID,
    '--to',
    join(folder, 'a.ipa'),
    '--json',
  );
  return { ...ended, folder };
}

async function folderWith(path: string, files: Record<string, string>): Promise<void> {
  await mkdir(path);
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
}

describe('app get', () => {
  it('writes the package and says its SHA-256', async () => {
    await using temp = await tempFolder();
    await folderWith(join(temp.path, 'to'), {});

    const { exitCode, out, folder } = await get(temp, { bytes: PACKAGE, digest: sha256(PACKAGE) });

    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ size: PACKAGE.length, sha256: sha256(PACKAGE) });
    expect(await readFile(join(folder, 'a.ipa'))).toEqual(PACKAGE);
    expect(await readdir(folder)).toEqual(['a.ipa']);
  });

  it('leaves nothing behind when something else arrives', async () => {
    await using temp = await tempFolder();
    await folderWith(join(temp.path, 'to'), {});

    const { exitCode, folder } = await get(temp, { bytes: PACKAGE, digest: sha256(Buffer.of(1)) });

    expect(exitCode).toBe(20);
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes over nothing', async () => {
    await using temp = await tempFolder();
    await folderWith(join(temp.path, 'to'), { 'a.ipa': 'mine' });

    const { exitCode, folder } = await get(temp, { bytes: PACKAGE, digest: sha256(PACKAGE) });

    expect(exitCode).toBe(11);
    expect(await readFile(join(folder, 'a.ipa'), 'utf8')).toBe('mine');
  });

  it('leaves alone a file that is called like an unfinished one', async () => {
    await using temp = await tempFolder();
    await folderWith(join(temp.path, 'to'), { 'a.ipa.part': 'mine' });

    const { exitCode, folder } = await get(temp, { bytes: PACKAGE, digest: sha256(PACKAGE) });

    expect(exitCode).toBe(0);
    expect(await readFile(join(folder, 'a.ipa.part'), 'utf8')).toBe('mine');
  });

  it('says when the folder does not exist', async () => {
    await using temp = await tempFolder();

    const { exitCode, out } = await get(temp, { bytes: PACKAGE, digest: sha256(PACKAGE) });

    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'RESTORE_TARGET_FAILED' } });
  });
});
