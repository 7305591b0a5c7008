import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupSpec } from '../testing/backup-spec.js';
import { buildBackup } from '../testing/build-backup.js';
import { tempFolder } from '../testing/temp-folder.js';
import { inspectBackupFolder } from './inspect-backup-folder.js';
import type { BackupInspection, InspectOptions } from './inspect-backup-folder.js';

async function inspect(spec: BackupSpec, options?: InspectOptions): Promise<BackupInspection> {
  await using temp = await tempFolder();
  const { folder } = await buildBackup(temp.path, { folders: 'needed', ...spec });
  return await inspectBackupFolder(folder, options);
}

describe('inspecting a backup folder', () => {
  it('finds a whole backup whole', async () => {
    const { facts, manifestReadable, manifestBytes } = await inspect({});

    expect(facts).toMatchObject({ deviceName: 'Test iPhone', finished: true, encrypted: false });
    expect(manifestReadable).toBe(true);
    expect(manifestBytes % 4096).toBe(0);
  });

  it('finds an encrypted backup whole, whose list of files it cannot read', async () => {
    const { facts, manifestReadable } = await inspect({ encrypted: true });

    expect(facts.encrypted).toBe(true);
    expect(manifestReadable).toBe(false);
  });

  it('reads the plain list of files of an encrypted backup of iOS 10.0', async () => {
    expect(await inspect({ manifest: { IsEncrypted: true } })).toMatchObject({
      facts: { encrypted: true },
      manifestReadable: true,
    });
  });

  it('takes the folder by a link, and its device by its name', async () => {
    await using temp = await tempFolder();
    const udid = '0123456789abcdef0123456789abcdef01234567';
    const none = { 'Target Identifier': undefined, 'Unique Identifier': undefined };
    const spec = {
      folderName: `${udid}-20240601-120000`,
      info: none,
      manifest: { Lockdown: undefined },
    };
    const { folder } = await buildBackup(temp.path, spec);
    await symlink(folder, join(temp.path, udid));

    const found = [
      await inspectBackupFolder(`${folder}/`),
      await inspectBackupFolder(join(temp.path, udid)),
    ];

    expect(found.map(({ facts }) => facts.udid)).toEqual([udid, udid]);
  });
});

describe('a folder that is no whole backup', () => {
  it.each([
    ['BACKUP_TOO_OLD', { manifestDamage: 'mbdb-era' }],
    ['BACKUP_NOT_A_BACKUP', { manifestDamage: 'missing', manifestPlist: null }],
    ['BACKUP_PLIST_DAMAGED', { infoPlist: null }],
    ['BACKUP_PLIST_DAMAGED', { infoPlist: Buffer.alloc(0) }],
    ['BACKUP_PLIST_DAMAGED', { manifestPlist: null }],
    ['BACKUP_PLIST_DAMAGED', { manifestPlist: Buffer.from('bplist00 broken') }],
    ['BACKUP_PLIST_DAMAGED', { statusPlist: null }],
    ['BACKUP_PLIST_DAMAGED', { statusPlist: Buffer.alloc(0) }],
    ['BACKUP_NO_DEVICE', { udid: 'none', folderName: 'Backup' }],
    ['BACKUP_NOT_FINISHED', { snapshotState: 'uploading' }],
    ['BACKUP_NOT_FINISHED', { snapshotState: null }],
    ['BACKUP_NOT_FINISHED', { snapshotState: 'uploading', manifestDamage: 'empty' }],
    ['BACKUP_MANIFEST_DAMAGED', { manifestDamage: 'missing' }],
    ['BACKUP_MANIFEST_DAMAGED', { manifestDamage: 'empty' }],
    ['BACKUP_MANIFEST_DAMAGED', { manifestDamage: 'truncated' }],
    ['BACKUP_MANIFEST_DAMAGED', { manifestDamage: 'garbage' }],
    ['BACKUP_MANIFEST_DAMAGED', { manifestSchema: 'CREATE TABLE Other (x)', files: [] }],
    ['BACKUP_MANIFEST_DAMAGED', { encrypted: true, manifestDamage: 'empty' }],
    ['BACKUP_MANIFEST_DAMAGED', { encrypted: true, manifestDamage: 'truncated' }],
  ] as const)('is refused with %s: %j', async (code, spec) => {
    await expect(inspect(spec)).rejects.toMatchObject({ code });
  });

  it('is refused when it is not there or is a file', async () => {
    await using temp = await tempFolder();
    await writeFile(join(temp.path, 'file'), '');

    for (const name of ['nothing', 'file', 'file/below'])
      await expect(inspectBackupFolder(join(temp.path, name))).rejects.toMatchObject({
        code: 'BACKUP_NOT_FOUND',
      });
    await expect(inspectBackupFolder(temp.path)).rejects.toMatchObject({
      code: 'BACKUP_NOT_A_BACKUP',
    });
  });

  it('is refused when the disk refuses it, which says what the user can do', async () => {
    await using temp = await tempFolder();

    await expect(inspectBackupFolder(join(temp.path, 'x'.repeat(300)))).rejects.toMatchObject({
      code: 'BACKUP_NOT_FOUND',
      message: expect.stringContaining('ENAMETOOLONG') as unknown,
      hint: expect.any(String) as unknown,
    });
  });

  it('is taken unfinished when the user says so, and its facts tell', async () => {
    const accepted = { acceptIncomplete: true };

    for (const spec of [
      { snapshotState: 'uploading' },
      { snapshotState: null },
      { statusPlist: null },
    ])
      expect((await inspect(spec, accepted)).facts.finished).toBe(false);
    await expect(inspect({ manifestDamage: 'empty' }, accepted)).rejects.toMatchObject({
      code: 'BACKUP_MANIFEST_DAMAGED',
    });
  });

  it.each(['Info.plist', 'Manifest.plist', 'Status.plist', 'Manifest.db'])(
    'is refused when %s is a link, a folder or a pipe',
    async (name) => {
      await using temp = await tempFolder();
      const { folder } = await buildBackup(temp.path, { folders: 'needed' });
      const path = join(folder, name);
      const unsafe = { code: 'BACKUP_PATH_UNSAFE' };

      await rename(path, join(temp.path, 'elsewhere'));
      await symlink(join(temp.path, 'elsewhere'), path);
      await expect(inspectBackupFolder(folder)).rejects.toMatchObject(unsafe);
      await rm(path);
      await mkdir(path);
      await expect(inspectBackupFolder(folder)).rejects.toMatchObject(unsafe);
      await rm(path, { recursive: true });
      execFileSync('mkfifo', [path]);
      await expect(inspectBackupFolder(folder)).rejects.toMatchObject(unsafe);
    },
  );

  it('is refused when a property list is larger than any, without reading it', async () => {
    await using temp = await tempFolder();
    const { folder } = await buildBackup(temp.path, { folders: 'needed' });
    await truncate(join(folder, 'Info.plist'), 50 * 1024 ** 3);

    await expect(inspectBackupFolder(folder)).rejects.toMatchObject({
      code: 'BACKUP_PLIST_DAMAGED',
    });
  });

  it('is refused when an encrypted Manifest.db is no whole number of blocks', async () => {
    await using temp = await tempFolder();
    const { folder } = await buildBackup(temp.path, { folders: 'needed', encrypted: true });
    await appendFile(join(folder, 'Manifest.db'), 'x');

    await expect(inspectBackupFolder(folder)).rejects.toMatchObject({
      code: 'BACKUP_MANIFEST_DAMAGED',
    });
  });
});
