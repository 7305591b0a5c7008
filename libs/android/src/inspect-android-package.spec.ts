import { describe, expect, it } from '@jest/globals';
import { writeZip } from '@rootcellar/zip/testing';
import { readerOfBytes } from '@rootcellar/zip';
import { inspectAndroidPackage } from './inspect-android-package.js';
import type { AndroidPackageFacts } from './inspect-android-package.js';
import { buildApk, pkcs7Of, testCertificate } from './testing/index.js';

const inspect = (bytes: Uint8Array): Promise<AndroidPackageFacts | undefined> =>
  inspectAndroidPackage(readerOfBytes(bytes), { size: bytes.length });

const [ADA, BOB, EVE] = ['Ada', 'Bobby', 'Eve'].map(testCertificate) as [
  ...[ReturnType<typeof testCertificate>, ReturnType<typeof testCertificate>],
  ReturnType<typeof testCertificate>,
];

describe('an .apk', () => {
  it.each([false, true])('tells its facts, its strings in UTF-8: %s', async (utf8) => {
    const facts = await inspect(
      buildApk({
        ...{ packageName: 'org.example.Notes', versionName: '1.2-β', versionCode: 7, minSdk: 21 },
        ...{ label: 'Notes 📝', abis: ['x86_64', 'arm64-v8a'], utf8 },
        permissions: ['android.permission.INTERNET', 'android.permission.CAMERA'],
      }),
    );

    expect(facts).toMatchObject({
      ...{ platform: 'android', bundleId: 'android:org.example.Notes', name: 'Notes 📝' },
      ...{ version: '1.2-β', build: '7', externalVersionId: '7', minSdk: '21' },
      ...{ targetSdk: undefined, split: undefined, parts: undefined },
      abis: ['arm64-v8a', 'x86_64'],
      permissions: ['android.permission.CAMERA', 'android.permission.INTERNET'],
      signing: { schemes: [], certificates: [], damaged: false },
    });
  });

  it('has a version code of 64 bits', async () => {
    const facts = await inspect(buildApk({ versionCodeMajor: 1, versionCode: 4_294_967_295 }));

    expect(facts?.build).toBe('8589934591');
  });

  it('has no name and no version where they are in its resources', async () => {
    const facts = await inspect(buildApk({ label: { reference: 0x7f010000 } }));

    expect(facts).toMatchObject({ name: undefined, version: undefined, build: '1' });
  });

  it('is none when the zip is for iOS, or for nobody', async () => {
    const inner = buildApk();

    expect(await inspect(writeZip([{ name: 'Payload/A.app/x.apk', content: inner }]))).toBe(
      undefined,
    );
    expect(await inspect(writeZip([{ name: 'read me' }]))).toBe(undefined);
  });
});

describe('who signed it', () => {
  it('is told by the newest scheme there is', async () => {
    const v1 = await inspect(buildApk({ v1: ADA }));
    const v2 = await inspect(buildApk({ v1: ADA, v2: [BOB, EVE] }));
    const v3 = await inspect(buildApk({ v2: [ADA], v3: { signer: BOB, lineage: [ADA, BOB] } }));

    expect(v1?.signing).toMatchObject({ schemes: ['v1'], certificates: [ADA.fingerprint] });
    expect(v2?.signing).toMatchObject({
      schemes: ['v1', 'v2'],
      certificates: [BOB.fingerprint, EVE.fingerprint].sort(),
      lineage: [],
    });
    expect(v3?.signing).toEqual({
      ...{ schemes: ['v2', 'v3'], certificates: [BOB.fingerprint], damaged: false },
      lineage: [ADA.fingerprint, BOB.fingerprint],
    });
  });

  it('is the signer a signature names, not who issued its certificate', async () => {
    const extra = [{ name: 'META-INF/A.EC', content: pkcs7Of([EVE, BOB], BOB) }];

    const facts = await inspect(buildApk({ extra }));

    expect(facts?.signing).toMatchObject({ schemes: ['v1'], certificates: [BOB.fingerprint] });
  });
});

describe('a set', () => {
  const base = buildApk({ versionName: '2.0', versionCode: 20, v2: [ADA], label: 'Maps' });
  const split = (name: string, more = {}): Buffer =>
    buildApk({ split: name, versionCode: 20, v2: [ADA], ...more });

  it.each([true, false])('is one version, its parts stored: %s', async (stored) => {
    const set = writeZip([
      { name: 'splits/base-master.apk', content: base, stored },
      { name: 'splits/base-arm64_v8a.apk', content: split('config.arm64_v8a'), stored },
      { name: 'standalones/standalone.apk', content: 'another packaging', stored },
      { name: 'toc.pb', content: 'x' },
    ]);

    const facts = await inspect(set);

    expect(facts).toMatchObject({
      ...{ bundleId: 'android:com.example.app', version: '2.0', build: '20', name: 'Maps' },
      signing: { certificates: [ADA.fingerprint] },
      parts: [
        { name: 'splits/base-arm64_v8a.apk', split: 'config.arm64_v8a' },
        { name: 'splits/base-master.apk', split: undefined, size: base.length },
      ],
    });
  });

  it.each([
    ['another version', { versionCode: 21 }],
    ['another app', { packageName: 'com.example.other' }],
    ['another signer', { v2: [EVE] }],
  ])('with a part of %s is none', async (_, more) => {
    const set = writeZip([
      { name: 'base.apk', content: base },
      { name: 'config.apk', content: split('config.de', more) },
    ]);

    await expect(inspect(set)).rejects.toMatchObject({ code: 'PACKAGE_SEVERAL_APPS' });
  });
});
