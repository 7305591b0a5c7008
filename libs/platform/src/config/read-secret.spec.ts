import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSecret } from './read-secret.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rootcellar-secret-'));
});
afterAll(async () => rm(folder, { recursive: true }));

async function secret(text: string): Promise<string> {
  const path = join(folder, 'secret');
  await writeFile(path, text);
  return readSecret(path, 'SETTING');
}

describe('readSecret', () => {
  it.each([
    ['word', 'word'],
    ['word\n', 'word'],
    ['word\r\n', 'word'],
    [' a b \n\n', ' a b \n'],
  ])('takes one line end off %j', async (text, read) => {
    expect(await secret(text)).toBe(read);
  });

  it.each(['', '\n', 'x'.repeat(1024 * 1024 + 1)])(
    'refuses a file that holds no secret',
    async (text) => {
      await expect(secret(text)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    },
  );

  it('refuses what is not there or is no file, naming setting and path', async () => {
    await expect(readSecret(join(folder, 'none'), 'SETTING')).rejects.toThrow(
      /SETTING.*none.*ENOENT/,
    );
    await expect(readSecret(folder, 'SETTING')).rejects.toThrow('no file');
  });
});
