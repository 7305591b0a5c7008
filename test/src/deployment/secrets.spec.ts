import { execFile } from 'node:child_process';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeTemporaryFolder } from '@rootcellar/testkit';
import type { TemporaryFolder } from '@rootcellar/testkit';
import { readComposeFile } from '../rehearsal/compose-file.js';
import { checkoutFile } from './checkout-file.js';

const run = promisify(execFile);
const makeSecrets = async (folder: string): Promise<unknown> =>
  run(checkoutFile('deploy', 'make-secrets'), [folder]);

let room: TemporaryFolder;
let folder: string;
beforeAll(async () => {
  room = await makeTemporaryFolder();
  folder = join(room.path, 'secrets');
  await makeSecrets(folder);
});
afterAll(async () => room.remove());

describe('deploy/make-secrets', () => {
  it('makes every secret that the compose file names', async () => {
    const { secrets } = await readComposeFile(checkoutFile('docker-compose.yml'), {
      ...{ RUN_AS_UID: '1', RUN_AS_GID: '1' },
    });

    const named = Object.entries(secrets).map(([name, { file }]) => {
      expect(file).toBe(`./deploy/secrets/${name}`);
      return name;
    });
    expect((await readdir(folder)).toSorted()).toEqual(named.toSorted());
  });

  it('lets nobody but their owner read them', async () => {
    const modes = new Set<number>();
    for (const name of await readdir(folder)) {
      modes.add((await stat(join(folder, name))).mode & 0o777);
    }

    expect([...modes]).toEqual([0o600]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('makes the two that have a form in that form', async () => {
    expect(await readFile(join(folder, 'master-key'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
    expect(await readFile(join(folder, 'setup-token'), 'utf8')).toMatch(/^[\w-]{43}$/);
  });

  it('never changes one that is there, and makes what is missing', async () => {
    const before = await readFile(join(folder, 'master-key'), 'utf8');
    const other = join(room.path, 'other');
    await makeSecrets(other);

    await makeSecrets(folder);

    expect(await readFile(join(folder, 'master-key'), 'utf8')).toBe(before);
    expect(await readFile(join(other, 'master-key'), 'utf8')).not.toBe(before);
  });
});
