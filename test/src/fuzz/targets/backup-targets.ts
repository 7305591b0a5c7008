import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openManifest, parseManifestBlob, parsePlist, readBackupFacts } from '@rootcellar/ios';
import {
  EXAMPLE_UDID,
  buildBackup,
  infoPlist,
  manifestPlist,
  statusPlist,
  writeBinaryPlist,
  writeManifestBlob,
  writeXmlPlist,
} from '@rootcellar/ios/testing';
import type { BackupSpec, PlistSource } from '@rootcellar/ios/testing';
import { isArchiveError } from '@rootcellar/model';
import type { Target } from '../target.js';

const VALUES: PlistSource = {
  text: 'naïve 📱 & <more>',
  number: 1_717_243_200,
  huge: 2n ** 62n,
  negative: -5,
  real: 0.125,
  when: new Date('2024-06-01T12:00:00Z'),
  yes: true,
  data: Buffer.from('some bytes'),
  list: [1, 'two', { three: [] }, [[[['deep']]]]],
};

const SPEC: BackupSpec = {
  deviceName: 'Ada’s iPhone',
  apps: [
    { bundleId: 'com.example.app', itemId: 1, version: '1.2' },
    { bundleId: 'com.example.other', sideLoaded: true },
  ],
};

/** What reads the lists of a backup. Dispose: some work in a folder. */
export async function backupTargets(): Promise<{
  readonly targets: readonly Target[];
  readonly remove: () => void;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'rootcellar-fuzz-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const lists = [infoPlist(SPEC), manifestPlist(SPEC), statusPlist(SPEC)] as const;
  const [info, manifest, status] = lists;
  const targets: Target[] = [
    {
      name: 'plist-xml',
      seeds: [info, writeXmlPlist(VALUES), writeXmlPlist([1, 'a'])],
      run: (input) => void parsePlist(input),
    },
    {
      name: 'plist-binary',
      seeds: [manifest, status, writeBinaryPlist(VALUES), manifestPlist({ encrypted: true })],
      run: (input) => void parsePlist(input),
    },
    ...(['infoPlist', 'manifestPlist', 'statusPlist'] as const).map((list, at): Target => ({
      name: `facts-${list}`,
      seeds: [lists[at] ?? info],
      run: (input) => {
        const plists = { infoPlist: info, manifestPlist: manifest, statusPlist: status };
        const all = { ...plists, [list]: input, folderName: EXAMPLE_UDID };
        return readBackupFacts(all).installedApps.length;
      },
    })),
    { name: 'manifest-blob', seeds: blobs(), run: (input) => parseManifestBlob(input).size },
    await manifestTarget(folder),
  ];
  return { targets, remove };
}

function blobs(): Buffer[] {
  return [
    {},
    { size: 12, digest: Buffer.alloc(20, 7), relativePath: 'Library/SMS/sms.db' },
    { target: '/var/mobile/Library', encryptionKey: Buffer.alloc(44, 1) },
    { leadingObjects: ['before'], extendedAttributes: Buffer.from('attributes') },
  ].map((spec) => writeManifestBlob(spec));
}

/** A whole database: opened, and every row of it read. */
async function manifestTarget(folder: string): Promise<Target> {
  const built = await buildBackup(folder, SPEC);
  const many = await buildBackup(join(folder, 'many'), {
    files: Array.from({ length: 120 }, (_, n) => ({
      ...{ domain: n % 3 === 0 ? 'HomeDomain' : 'CameraRollDomain', path: `Media/${n}` },
      content: String(n),
    })),
    folders: 'needed',
  });
  const path = join(folder, 'Manifest.db');
  return {
    name: 'manifest-db',
    seeds: [built, many].map((backup) => readFileSync(join(backup.folder, 'Manifest.db'))),
    run: async (input) => {
      writeFileSync(path, input);
      using manifest = await openManifest(path);
      let rows = 0;
      for (const { blob } of manifest.files()) {
        rows += 1;
        if (blob !== undefined) readBlob(blob);
      }
      for (const { domain } of manifest.domains(undefined, 20)) {
        manifest.page({ domain, pathPrefix: 'Media', limit: 10 });
        for (const { relativePath } of manifest.inPathOrder({ domain }))
          rows += relativePath.length;
      }
      return rows;
    },
  };
}

/** A row whose blob is broken does not end the list. */
function readBlob(blob: Uint8Array): void {
  try {
    parseManifestBlob(blob);
  } catch (error) {
    if (!isArchiveError(error)) throw error;
  }
}
