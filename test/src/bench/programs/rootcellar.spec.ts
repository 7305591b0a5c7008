import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildBackup } from '@rootcellar/ios/testing';
import { makeTemporaryFolder } from '@rootcellar/testkit';
import type { TemporaryFolder } from '@rootcellar/testkit';
import { countDifferences } from '../sync-folder.js';
import { rootcellar } from './rootcellar.js';
import { CommandFailed } from './run-command.js';
import type { Workbench } from './run-command.js';

let room: TemporaryFolder;
let said: string[];
let bench: Workbench;
beforeEach(async () => {
  room = await makeTemporaryFolder();
  said = [];
  bench = { say: (line) => said.push(line), signal: new AbortController().signal };
});
afterEach(async () => room.remove());

describe('rootcellar', () => {
  it('is not there before it is built', async () => {
    const scripts = { service: join(room.path, 'main.js'), command: join(room.path, 'bin.mjs') };

    expect(await rootcellar(bench, scripts).version()).toBeUndefined();
  });

  it('pushes and restores through the service, and says how', async () => {
    const { folder } = await buildBackup(join(room.path, 'backups'));
    const archive = await rootcellar(bench).open(join(room.path, 'run'));
    try {
      const push = await archive.backUp(folder);
      const restored = await archive.restore(folder, join(room.path, 'restored'));

      expect(push.seconds).toBeGreaterThan(0);
      expect(await countDifferences(folder, restored.folder)).toBe(0);
      expect(await archive.storedBytes()).toBeGreaterThan(0);
      expect(said.filter((line) => line.startsWith('$ '))).toHaveLength(4);
    } finally {
      await archive.close();
    }
  }, 60_000);

  it('counts a refused package as a failure', async () => {
    await mkdir(join(room.path, 'packages'));
    await writeFile(join(room.path, 'packages', 'Broken.ipa'), 'no zip');
    const archive = await rootcellar(bench).open(join(room.path, 'run'));
    try {
      const adding = archive.addPackages(join(room.path, 'packages'));

      await expect(adding).rejects.toThrow(CommandFailed);
    } finally {
      await archive.close();
    }
  }, 60_000);

  it('tells what the service said when it does not start', async () => {
    await mkdir(join(room.path, 'run'));
    await writeFile(join(room.path, 'run', 'data'), 'a file where the data folder should be');

    const opening = rootcellar(bench).open(join(room.path, 'run'));

    await expect(opening).rejects.toThrow(CommandFailed);
    await expect(opening).rejects.toThrow('DATA_UNUSABLE');
  }, 60_000);
});
