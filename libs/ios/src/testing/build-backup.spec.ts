import { describe, expect, it } from '@jest/globals';
import { hash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileIdOf } from '../manifest/file-id.js';
import { createManifestJoin } from '../manifest/manifest-join.js';
import type { ManifestJoinResult } from '../manifest/manifest-join.js';
import { openManifest } from '../manifest/open-manifest.js';
import { parseManifestBlob } from '../manifest/parse-manifest-blob.js';
import { buildBackup } from './build-backup.js';
import type { BuiltBackup } from './build-backup.js';
import { tempFolder } from './temp-folder.js';

/** Walks the payloads of a folder as an agent does, and says which do not have their Digest. */
async function compare({
  folder,
}: BuiltBackup): Promise<ManifestJoinResult & { damaged: string[] }> {
  using manifest = await openManifest(join(folder, 'Manifest.db'));
  const joined = createManifestJoin(manifest.files());
  const damaged: string[] = [];
  const folders = (await readdir(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort();
  for (const name of folders) {
    for (const fileId of (await readdir(join(folder, name))).sort()) {
      const { digest } = joined.expect(fileId) ?? {};
      const payload = await readFile(join(folder, name, fileId));
      if (digest !== undefined && !hash('sha1', payload, 'buffer').equals(digest))
        damaged.push(fileId);
    }
  }
  return { ...joined.finish(), damaged };
}

describe('a backup that is built', () => {
  it('has a payload for every file, in 256 folders, with the time of its row', async () => {
    await using temp = await tempFolder();

    const built = await buildBackup(temp.path);

    expect(await compare(built)).toEqual({
      files: 4,
      missing: 0,
      firstMissing: [],
      unlisted: 0,
      unreadable: 0,
      damaged: [],
    });
    expect((await readdir(built.folder)).filter((name) => name.length === 2)).toHaveLength(256);
    const sms = built.files.find(({ path }) => path === 'Library/SMS/sms.db');
    const fileId = fileIdOf('HomeDomain', 'Library/SMS/sms.db');
    const { mtimeMs } = await stat(join(built.folder, fileId.slice(0, 2), fileId));
    expect(sms).toMatchObject({ fileId, mtime: mtimeMs / 1000 });
  });

  it('has the payloads missing and damaged that it was asked to have', async () => {
    await using temp = await tempFolder();
    const files = [
      { domain: 'HomeDomain', path: 'whole', content: 'a', digest: 'right' },
      { domain: 'HomeDomain', path: 'changed', content: 'b', digest: 'wrong' },
      { domain: 'HomeDomain', path: 'missing', content: 'c', missing: true },
    ] as const;

    const result = await compare(await buildBackup(temp.path, { files }));

    expect(result).toMatchObject({
      missing: 1,
      firstMissing: [fileIdOf('HomeDomain', 'missing')],
      damaged: [fileIdOf('HomeDomain', 'changed')],
    });
  });

  it('tells where its links lead', async () => {
    await using temp = await tempFolder();
    const { folder } = await buildBackup(temp.path);
    using manifest = await openManifest(join(folder, 'Manifest.db'));

    const links = [...manifest.files()].filter(({ type }) => type === 'link');

    expect(links.map(({ blob }) => parseManifestBlob(blob ?? Buffer.alloc(0)).target)).toEqual([
      '/var/mobile/Library/Example',
    ]);
  });

  it('is the same twice, and has whole blocks of ciphertext when encrypted', async () => {
    await using temp = await tempFolder();
    const one = await buildBackup(join(temp.path, 'one'), { encrypted: true });
    const other = await buildBackup(join(temp.path, 'other'), { encrypted: true });

    expect(one.files).toEqual(other.files);
    const payloads = one.files.flatMap(({ payload }) => payload ?? []);
    expect(payloads).toHaveLength(4);
    for (const payload of payloads) expect(payload.length % 16).toBe(0);
  });
});
