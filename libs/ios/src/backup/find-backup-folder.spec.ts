import { describe, expect, it } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBackup } from '../testing/build-backup.js';
import { tempFolder } from '../testing/temp-folder.js';
import { findBackupFolder } from './find-backup-folder.js';

describe('finding the backup a user means', () => {
  it('takes the folder itself, or the only one in it', async () => {
    await using temp = await tempFolder();
    const { folder } = await buildBackup(temp.path, { folders: 'needed' });
    await mkdir(join(temp.path, 'other'));
    await writeFile(join(temp.path, 'Info.plist'), '');

    const found = [await findBackupFolder(folder), await findBackupFolder(temp.path)];

    expect(found).toEqual([folder, folder]);
  });

  it('takes one of the Manifest.mbdb era as well, which inspecting then refuses', async () => {
    await using temp = await tempFolder();
    const { folder } = await buildBackup(temp.path, {
      folders: 'needed',
      manifestDamage: 'mbdb-era',
    });

    expect(await findBackupFolder(temp.path)).toBe(folder);
  });

  it('does not choose among several, and says how many there are', async () => {
    await using temp = await tempFolder();
    for (const folderName of ['one', 'two', 'three'])
      await buildBackup(temp.path, { folders: 'needed', folderName });

    await expect(findBackupFolder(temp.path)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      details: { backups: 3 },
    });
  });

  it('says when there is none, and when there is no folder', async () => {
    await using temp = await tempFolder();

    await expect(findBackupFolder(temp.path)).rejects.toMatchObject({
      code: 'BACKUP_NOT_A_BACKUP',
    });
    await expect(findBackupFolder(join(temp.path, 'x'))).rejects.toMatchObject({
      code: 'BACKUP_NOT_FOUND',
    });
  });
});
