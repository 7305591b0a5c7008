import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openManifest } from '../manifest/open-manifest.js';
import { buildBackup } from '../testing/build-backup.js';
import type { BuiltBackup } from '../testing/build-backup.js';
import type { BackupSpec } from '../testing/backup-spec.js';
import { tempFolder } from '../testing/temp-folder.js';
import { writeAppBackup } from './write-app-backup.js';

const BUNDLE_ID = 'com.example.notes';
const OWN = [
  { domain: 'AppDomain-com.example.notes', path: '', type: 'folder' },
  { domain: 'AppDomain-com.example.notes', path: 'Documents/a.txt', content: 'mine' },
  { domain: 'AppDomain-com.example.notes', path: 'Library/Link', type: 'link', target: '/x' },
  { domain: 'AppDomainPlugin-com.example.notes.widget', path: 'b', content: 'widget' },
  { domain: 'AppDomainGroup-group.com.example.notes', path: 'c', content: '' },
] as const;
const OTHERS = [
  { domain: 'AppDomain-com.example.notes.pro', path: 'secret', content: 'not mine' },
  { domain: 'AppDomainPlugin-com.example.notes.pro.widget', path: 'secret', content: 'nor this' },
  { domain: 'HomeDomain', path: 'Library/SMS/sms.db', content: 'messages' },
] as const;

async function backupIn(dir: string, more: BackupSpec = {}): Promise<BuiltBackup> {
  return buildBackup(dir, {
    files: [...OWN, ...OTHERS],
    apps: [{ bundleId: BUNDLE_ID }, { bundleId: 'com.example.notes.pro' }],
    ...more,
  });
}

describe('writeAppBackup', () => {
  it('holds the app’s container, plugins and groups, and nothing of anything else', async () => {
    await using temp = await tempFolder();
    const { folder, files } = await backupIn(temp.path);
    const to = join(temp.path, 'part');

    const written = await writeAppBackup({ from: folder, to, bundleId: BUNDLE_ID });

    expect(written).toEqual({
      domains: [...new Set(OWN.map(({ domain }) => domain))].sort(),
      ...{ files: 3, bytes: 10 },
    });
    const own = files.filter(({ domain }) => written.domains.includes(domain));
    using manifest = await openManifest(join(to, 'Manifest.db'));
    expect(Array.from(manifest.files(), ({ fileId }) => fileId)).toEqual(
      own.map(({ fileId }) => fileId),
    );
    for (const { fileId, payload } of own.filter(({ type }) => type === 'file'))
      expect(await readFile(join(to, fileId.slice(0, 2), fileId))).toEqual(payload);
    const bytes = await readFile(join(to, 'Manifest.db'));
    expect(bytes.includes('secret')).toBe(false);
    expect(bytes.subarray(18, 20)).toEqual(Buffer.of(2, 2));
  });

  it('keeps rows and property lists byte for byte', async () => {
    await using temp = await tempFolder();
    const { folder } = await backupIn(temp.path);
    const to = join(temp.path, 'part');

    await writeAppBackup({ from: folder, to, bundleId: BUNDLE_ID });

    for (const name of ['Info.plist', 'Manifest.plist', 'Status.plist'])
      expect(await readFile(join(to, name))).toEqual(await readFile(join(folder, name)));
    using before = await openManifest(join(folder, 'Manifest.db'));
    using after = await openManifest(join(to, 'Manifest.db'));
    for (const row of after.files()) expect(row).toEqual(before.row(row.fileId));
  });

  it('does not need the payloads of others', async () => {
    await using temp = await tempFolder();
    const { folder, files } = await backupIn(temp.path);
    for (const { fileId, domain } of files.filter(({ domain }) => domain === 'HomeDomain')) {
      expect(domain).toBe('HomeDomain');
      await rm(join(folder, fileId.slice(0, 2), fileId));
    }

    const to = join(temp.path, 'part');
    await expect(writeAppBackup({ from: folder, to, bundleId: BUNDLE_ID })).resolves.toMatchObject({
      files: 3,
    });
  });

  it.each([
    ['BACKUP_ENCRYPTED', { encrypted: true }, BUNDLE_ID],
    ['RESTORE_NOTHING', {}, 'com.example.other'],
    ['BACKUP_NOT_FINISHED', { snapshotState: 'uploading' }, BUNDLE_ID],
  ] as const)('refuses: %s, and leaves nothing', async (code, more, bundleId) => {
    await using temp = await tempFolder();
    const { folder } = await backupIn(temp.path, more);

    await expect(
      writeAppBackup({ from: folder, to: join(temp.path, 'part'), bundleId }),
    ).rejects.toMatchObject({ code });
    expect(await readdir(temp.path)).not.toContain('part');
  });

  it('refuses when a file of the app is missing, and a folder that exists', async () => {
    await using temp = await tempFolder();
    const { folder, files } = await backupIn(temp.path);
    const { fileId = '' } = files.find(({ path }) => path === 'Documents/a.txt') ?? {};
    await rm(join(folder, fileId.slice(0, 2), fileId));

    await expect(
      writeAppBackup({ from: folder, to: join(temp.path, 'part'), bundleId: BUNDLE_ID }),
    ).rejects.toMatchObject({ code: 'BACKUP_INCOMPLETE' });
    expect(await readdir(temp.path)).not.toContain('part');
    await expect(
      writeAppBackup({ from: folder, to: temp.path, bundleId: BUNDLE_ID }),
    ).rejects.toMatchObject({ code: 'RESTORE_TARGET_EXISTS' });
  });

  // An independent reader, where it lies beside the repository; tests run from its root.
  const checker = join(process.cwd(), '../shared/tools/check_ios_backup.py');
  if (existsSync(checker)) {
    it('passes an independent check', async () => {
      await using temp = await tempFolder();
      const { folder } = await backupIn(temp.path);
      const to = join(temp.path, 'part');
      await writeAppBackup({ from: folder, to, bundleId: BUNDLE_ID });

      expect(execFileSync('python3', [checker, to], { encoding: 'utf8' })).toContain('problems: 0');
    });
  }
});
