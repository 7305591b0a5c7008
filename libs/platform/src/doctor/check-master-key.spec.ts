import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArchiveError } from '@rootcellar/model';
import { checkMasterKey } from './check-master-key.js';

const masterKey = Buffer.alloc(32, 7);
const openVault = async (): Promise<unknown> => Promise.resolve();
let file: string;

beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'rootcellar-key-')), 'master-key');
});
afterAll(async () => rm(join(file, '..'), { recursive: true }));

async function levels(facts: Partial<Parameters<typeof checkMasterKey>[0]>): Promise<string[]> {
  const findings = await checkMasterKey({ masterKey, file, openVault, ...facts });
  expect(JSON.stringify(findings)).not.toContain(masterKey.toString('hex'));
  return findings.map(({ id, level }) => `${id} ${level}`);
}

async function keep(text: string, mode = 0o600): Promise<void> {
  await writeFile(file, text);
  await chmod(file, mode);
}

describe('examining the master key', () => {
  it('is content with the right one in a private file', async () => {
    await keep(`${masterKey.toString('hex')}\n`);

    expect(await levels({})).toEqual(['master-key ok', 'master-key-file ok']);
  });

  it('says nothing of a file when there is none', async () => {
    expect(await levels({ file: undefined })).toEqual(['master-key ok']);
  });

  it('finds that it does not open the household', async () => {
    await keep(masterKey.toString('hex'));
    const wrong = new ArchiveError('MASTER_KEY_WRONG', 'wrong');

    expect(await levels({ openVault: async () => Promise.reject(wrong) })).toEqual([
      'master-key fail',
      'master-key-file ok',
    ]);
  });

  it('finds that the file is gone, or another one', async () => {
    await rm(file);
    expect(await levels({})).toContain('master-key-file fail');

    await keep('0'.repeat(64));
    expect(await levels({})).toContain('master-key-file fail');
  });

  (process.platform === 'win32' ? it.skip : it)('finds that others may read the file', async () => {
    await keep(masterKey.toString('hex'), 0o644);

    expect(await levels({})).toContain('master-key-file warn');
  });
});
