import { ArchiveError } from '@rootcellar/model';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildPackage } from '../testing/build-package.js';
import type { PackageSpec } from '../testing/build-package.js';
import { mutate, mutations } from '../testing/mutate.js';
import { onlyArchiveErrorsAsync } from '../testing/only-archive-errors.js';
import { storeMetadata } from '../testing/store-metadata.js';
import { writeBinaryPlist } from '../testing/write-binary-plist.js';
import { writeZip } from '@rootcellar/zip/testing';
import { inspectPackage } from './inspect-package.js';
import type { PackageFacts } from './inspect-package.js';
import { readerOfBytes } from '@rootcellar/zip';

const inspectBytes = (bytes: Uint8Array): Promise<PackageFacts> =>
  inspectPackage(readerOfBytes(bytes), { size: bytes.length });
const inspect = (spec: PackageSpec): Promise<PackageFacts> => inspectBytes(buildPackage(spec));

function dotted(name: string): { name: string; content: Buffer } {
  const info = { CFBundleIdentifier: 'com.example.app', CFBundleVersion: '1' };
  return { name, content: writeBinaryPlist(info) };
}

describe('a file that is no app package', () => {
  const BOMB = Buffer.alloc(64 * 1024 * 1024);

  it.each([
    ['PACKAGE_NO_APP', { infoPlist: null }],
    ['PACKAGE_NO_APP', { infoPlist: null, watchApp: true, extensions: ['Share'] }],
    [
      'PACKAGE_NO_APP',
      { infoPlist: null, extra: [dotted('__MACOSX/Payload/Example.app/Info.plist')] },
    ],
    [
      'PACKAGE_NO_APP',
      { infoPlist: null, extra: [dotted('Example/Payload/Example.app/Info.plist')] },
    ],
    ['PACKAGE_SEVERAL_APPS', { extra: [dotted('Payload/Other.app/Info.plist')] }],
    ['PACKAGE_NO_VERSION', { info: { CFBundleIdentifier: undefined } }],
    ['PACKAGE_NO_VERSION', { info: { CFBundleIdentifier: '../../x' } }],
    [
      'PACKAGE_NO_VERSION',
      { info: { CFBundleShortVersionString: undefined, CFBundleVersion: undefined } },
    ],
    ['PACKAGE_NO_VERSION', { info: { CFBundleShortVersionString: ' ', CFBundleVersion: [] } }],
    ['PACKAGE_NO_VERSION', { infoPlist: writeBinaryPlist(['no dictionary']) }],
    ['PLIST_INVALID', { infoPlist: Buffer.from('broken') }],
    ['PLIST_INVALID', { infoPlist: Buffer.alloc(0) }],
    ['PACKAGE_TOO_LARGE', { infoPlist: BOMB }],
    ['PACKAGE_ENCRYPTED', { entries: { encrypted: true } }],
    ['PACKAGE_ENCRYPTED', { extra: [{ name: 'secret', content: 'x', encrypted: true }] }],
    ['PACKAGE_NOT_ZIP', { entries: { claimedCrc32: 1 } }],
    ['PACKAGE_NOT_ZIP', { entries: { claimedBytes: 10 } }],
    ['PACKAGE_NOT_ZIP', { entries: { method: 14 } }],
  ] as const)('is refused with %s', async (code, spec) => {
    await expect(inspect(spec)).rejects.toMatchObject({ code });
  });

  it('is refused when Info.plist says it is small and is a bomb', async () => {
    const bytes = writeZip([
      { name: 'Payload/A.app/Info.plist', content: BOMB, claimedBytes: 100 },
    ]);

    expect(bytes.length).toBeLessThan(1024 * 1024);
    await expect(inspectBytes(bytes)).rejects.toMatchObject({ code: 'PACKAGE_TOO_LARGE' });
  });

  it('does not inflate a bomb that it need not look at', async () => {
    const facts = await inspect({ extra: [{ name: 'Payload/Example.app/bomb', content: BOMB }] });

    expect(facts.bundleId).toBe('com.example.app');
  });

  it('inflates no more than the head of an executable', async () => {
    const bytes = writeZip([
      dotted('Payload/A.app/Info.plist'),
      { name: 'Payload/A.app/Example', content: BOMB },
    ]);

    expect((await inspectBytes(bytes)).architectures).toEqual([]);
  });

  it('reads an executable packed by a method of a later time as one it knows nothing of', async () => {
    const info = { CFBundleIdentifier: 'a.b', CFBundleVersion: '1', CFBundleExecutable: 'A' };
    const bytes = writeZip([
      { name: 'Payload/A.app/Info.plist', content: writeBinaryPlist(info) },
      { name: 'Payload/A.app/A', content: 'x', method: 99 },
    ]);

    expect(await inspectBytes(bytes)).toMatchObject({
      architectures: [],
      fairPlayEncrypted: undefined,
    });
  });

  it('passes on what its reader fails with', async () => {
    const bytes = buildPackage();
    const failure = new ArchiveError('OBJECT_STORE_UNAVAILABLE', 'The object store failed.');
    const systemError = new Error('EIO');

    for (const error of [failure, systemError]) {
      const reader = { read: () => Promise.reject(error) };
      await expect(inspectPackage(reader, { size: bytes.length })).rejects.toBe(error);
    }
  });

  it('is refused when it ended before the size it was given with', async () => {
    const bytes = buildPackage();
    const reader = readerOfBytes(bytes);

    await expect(inspectPackage(reader, { size: bytes.length + 10 })).rejects.toMatchObject({
      code: 'PACKAGE_NOT_ZIP',
    });
  });

  it('is refused wherever it is cut off', async () => {
    const bytes = buildPackage({ metadata: storeMetadata(), sinf: true });

    for (let length = 0; length < bytes.length; length += 7) {
      await expect(inspectBytes(bytes.subarray(0, length))).rejects.toMatchObject({
        code: 'PACKAGE_NOT_ZIP',
      });
    }
  });

  it('never fails in any other way, whatever bytes are changed', async () => {
    const packages = [
      {},
      { zip: { zip64: true }, entries: { zip64: true } },
      { entries: { stored: true } },
    ].map((spec) =>
      buildPackage({
        metadata: storeMetadata(),
        executable: { architectures: ['armv7', 'arm64'] },
        ...spec,
      }),
    );

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...packages), mutations, (bytes, changes) =>
        onlyArchiveErrorsAsync(() => inspectBytes(mutate(bytes, changes))),
      ),
      { numRuns: 1000 },
    );
  });
});
