import { describe, expect, it } from '@jest/globals';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPackage } from '../testing/build-package.js';
import type { PackageSpec } from '../testing/build-package.js';
import { machOStub } from '../testing/mach-o-stub.js';
import { storeMetadata } from '../testing/store-metadata.js';
import { tempFolder } from '../testing/temp-folder.js';
import { writeBinaryPlist } from '../testing/write-binary-plist.js';
import { writeZip } from '@rootcellar/zip/testing';
import { inspectPackage, readPackageStore } from './inspect-package.js';
import type { PackageFacts, PackageStore } from './inspect-package.js';
import { readerOfBytes, readerOfFile } from '@rootcellar/zip';

const inspectBytes = (bytes: Uint8Array): Promise<PackageFacts> =>
  inspectPackage(readerOfBytes(bytes), { size: bytes.length });
const inspect = (spec: PackageSpec): Promise<PackageFacts> => inspectBytes(buildPackage(spec));

describe('inspecting an app package', () => {
  it('reads what an App Store download is', async () => {
    const facts = await inspect({
      bundleId: 'com.example.app',
      name: 'Example\u0000 App',
      version: '2.1',
      build: '2100',
      executable: { architectures: ['armv7', 'arm64'], encrypted: true },
      metadata: storeMetadata({ bundleId: 'com.example.app', version: '2.1' }),
      sinf: true,
      artwork: true,
      extensions: ['Share', 'Widget'],
      frameworks: ['Core'],
      watchApp: true,
    });

    expect(facts).toEqual({
      bundleId: 'com.example.app',
      name: 'Example App',
      version: '2.1',
      build: '2100',
      minimumOs: '12.0',
      deviceFamilies: [1, 2],
      supportedPlatforms: ['iPhoneOS'],
      requiredCapabilities: ['arm64'],
      executable: 'Example',
      architectures: ['armv7', 'arm64'],
      fairPlayEncrypted: true,
      hasSinf: true,
      hasMetadata: true,
      artwork: 'iTunesArtwork',
      extensions: 2,
      frameworks: 1,
      hasWatchApp: true,
      externalVersionId: '830001000',
      itemId: '1234567890',
      storeVersion: '2.1',
      purchaseDate: new Date('2024-06-01T12:00:00Z'),
      releaseDate: new Date('2015-01-01T00:00:00Z'),
      appleIdPresent: true,
      metadataProblem: undefined,
      sinfProblem: undefined,
      artworkIsPicture: true,
      entries: 11,
    });
  });

  it('reads one that the store never saw', async () => {
    expect(await inspect({ infoForm: 'xml' })).toMatchObject({
      bundleId: 'com.example.app',
      fairPlayEncrypted: false,
      hasSinf: false,
      hasMetadata: false,
      artwork: undefined,
      externalVersionId: undefined,
      appleIdPresent: false,
    });
  });

  it.each([
    ['zip64', { zip: { zip64: true }, entries: { zip64: true } }],
    ['stored entries', { entries: { stored: true } }],
    ['data descriptors', { entries: { dataDescriptor: true } }],
    ['a comment', { zip: { comment: 'made by hand' } }],
    [
      'names that begin with ./',
      { infoPlist: null, extra: [dotted('./Payload/Dotted.app/Info.plist')] },
    ],
    ['names that are not ASCII', { folder: 'Beispiel für 微信' }],
  ] as const)('reads a zip with %s', async (_, spec) => {
    expect((await inspect(spec)).bundleId).toBe('com.example.app');
  });

  it('finds the executable by a name in UTF-8 that the zip does not declare', async () => {
    const bytes = writeZip([
      {
        name: 'Payload/微信.app/Info.plist',
        content: writeBinaryPlist({
          CFBundleIdentifier: 'a.b',
          CFBundleVersion: '1',
          CFBundleExecutable: '微信',
        }),
      },
      { name: Buffer.from('Payload/微信.app/微信'), content: machOStub() },
    ]);

    expect((await inspectBytes(bytes)).architectures).toEqual(['arm64']);
  });

  it('reads a file on disk, and little of it', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'app.ipa');
    await writeFile(path, buildPackage({ executable: { codeBytes: 8 * 1024 * 1024 } }));
    await using handle = await open(path);
    const { size } = await handle.stat();
    const file = readerOfFile(handle);
    let read = 0;
    const counting = {
      read: (offset: number, length: number) => {
        read += length;
        return file.read(offset, length);
      },
    };

    const facts = await inspectPackage(counting, { size });

    expect(facts.architectures).toEqual(['arm64']);
    expect(read).toBeLessThan(size / 10);
  });

  it('takes the build for the version where there is no other, and whole numbers for text', async () => {
    const info = { CFBundleShortVersionString: undefined, CFBundleVersion: 77 };

    expect(await inspect({ info })).toMatchObject({ version: '77', build: '77' });
  });

  it('takes the odd forms of families and capabilities', async () => {
    const info = {
      UIDeviceFamily: ['2', 1, 1, 'x', -1, 2n ** 70n],
      UIRequiredDeviceCapabilities: { arm64: true, gamekit: false, nfc: true },
      CFBundleDisplayName: undefined,
    };

    expect(await inspect({ info })).toMatchObject({
      deviceFamilies: [1, 2],
      requiredCapabilities: ['arm64', 'nfc'],
      name: 'Example',
    });
    expect(await inspect({ info: { UIDeviceFamily: 1 } })).toMatchObject({ deviceFamilies: [1] });
  });

  it('bounds what it shows', async () => {
    const info = {
      CFBundleDisplayName: 'x'.repeat(10_240),
      CFBundleSupportedPlatforms: new Array<string>(1000).fill('p'.repeat(1000)),
    };

    const facts = await inspect({ info });

    expect(facts.name).toHaveLength(200);
    expect(facts.supportedPlatforms).toHaveLength(64);
    expect(facts.supportedPlatforms[0]).toHaveLength(64);
  });
});

function dotted(name: string): { name: string; content: Buffer } {
  const info = { CFBundleIdentifier: 'com.example.app', CFBundleVersion: '1' };
  return { name, content: writeBinaryPlist(info) };
}

describe("the store's description in a package", () => {
  it.each([
    ['broken', Buffer.from('bplist00 broken')],
    ['empty', Buffer.alloc(0)],
    ['no dictionary', writeBinaryPlist([1])],
    ['larger than any', Buffer.alloc(50 * 1024 * 1024), 'too-large'],
  ])('is left out when it is %s', async (_, metadata, problem = 'unreadable') => {
    expect(await inspect({ metadata })).toMatchObject({
      hasMetadata: true,
      metadataProblem: problem,
      externalVersionId: undefined,
    });
  });

  it('is left out when it is of another app, but for the Apple ID in it', async () => {
    const metadata = storeMetadata({ bundleId: 'com.other.app' });

    expect(await inspect({ metadata })).toMatchObject({
      metadataProblem: 'other-app',
      externalVersionId: undefined,
      appleIdPresent: true,
    });
  });

  it('does not overrule the app about its version', async () => {
    const metadata = storeMetadata({ version: '9.9' });

    expect(await inspect({ version: '1.0', metadata })).toMatchObject({
      version: '1.0',
      storeVersion: '9.9',
    });
  });
});

describe('what the store says in a package', () => {
  const APP = 'com.example.app';
  const blind = (text: string): Uint8Array => Buffer.from(text.toUpperCase());
  const storeOf = async (spec: Parameters<typeof buildPackage>[0]): Promise<PackageStore> => {
    const bytes = buildPackage(spec);
    return readPackageStore(readerOfBytes(bytes), { size: bytes.length, bundleId: APP, blind });
  };

  it('is the buyer, blinded, and the list of versions', async () => {
    const versionIds = [830_001_000, 830_002_000];

    expect(await storeOf({ metadata: storeMetadata({ bundleId: APP, versionIds }) })).toMatchObject(
      {
        ...{ buyer: Buffer.from('TEST.USER@EXAMPLE.COM'), versionIds: versionIds.map(String) },
        ...{ itemId: '1234567890', purchaseDate: new Date('2024-06-01T12:00:00Z') },
      },
    );
  });

  it.each([
    ['there is none', undefined],
    ['it is of another app', storeMetadata({ bundleId: 'com.other.app', versionIds: [1] })],
    ['it is broken', Buffer.from('broken')],
    ['it has 50 MB', Buffer.alloc(50 * 1024 * 1024, ' ')],
  ])('is nothing when %s', async (_, metadata) => {
    expect(await storeOf(metadata === undefined ? {} : { metadata })).toEqual({});
  });

  it('does not keep a package with 50 MB of it out', async () => {
    const bytes = buildPackage({ metadata: Buffer.alloc(50 * 1024 * 1024, ' ') });

    expect(await inspectPackage(readerOfBytes(bytes), { size: bytes.length })).toMatchObject({
      ...{ bundleId: APP, metadataProblem: 'too-large', externalVersionId: undefined },
    });
  });
});

describe("the buyer's rights in a package", () => {
  const metadata = storeMetadata({ itemId: 4711 });

  it.each([
    ['of this app', 4711, undefined],
    ['of an app they do not name', true, undefined],
    ['of another app', 4712, 'other-app'],
    ['no rights', Buffer.from('sinf'), 'unreadable'],
    ['empty', Buffer.of(), 'unreadable'],
    ['larger than any', Buffer.alloc(1024 * 1024), 'unreadable'],
    ['boxes that never end', Buffer.alloc(1000), 'unreadable'],
  ] as const)('are looked at: %s', async (_, sinf, problem) => {
    expect(await inspect({ metadata, sinf })).toMatchObject({
      hasSinf: true,
      sinfProblem: problem,
    });
  });

  it('are not judged where nobody says which app it is', async () => {
    expect(await inspect({ sinf: 4712 })).toMatchObject({ sinfProblem: undefined });
  });

  it('are looked at in each of the executables', async () => {
    const extra = [{ name: 'Payload/Example.app/SC_Info/Other.sinf', content: 'x' }];

    expect(await inspect({ sinf: true, extra })).toMatchObject({ sinfProblem: 'unreadable' });
  });

  it('may be missing', async () => {
    expect(await inspect({})).toMatchObject({ hasSinf: false, sinfProblem: undefined });
  });
});

describe("the store's picture in a package", () => {
  it.each([
    [Buffer.from('89504e470d0a1a0a00', 'hex'), true],
    [Buffer.from('ffd8ffe000104a464946', 'hex'), true],
    [Buffer.from('<html>no picture</html>'), false],
    [Buffer.of(), false],
  ])('is one, or is not: %p', async (artwork, isPicture) => {
    expect(await inspect({ artwork })).toMatchObject({ artworkIsPicture: isPicture });
  });

  it('may be missing', async () => {
    expect(await inspect({})).toMatchObject({ artwork: undefined, artworkIsPicture: undefined });
  });
});
