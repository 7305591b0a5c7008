import { describe, expect, it } from '@jest/globals';
import { isArchiveError } from '@rootcellar/model';
import { readerOfBytes } from '@rootcellar/zip';
import fc from 'fast-check';
import { inspectAndroidPackage } from './inspect-android-package.js';
import type { AndroidPackageFacts } from './inspect-android-package.js';
import { readManifest } from './read-manifest.js';
import { signersOfPkcs7 } from './pkcs7-certificates.js';
import {
  buildApk,
  pkcs7Of,
  signingBlock,
  testCertificate,
  writeBinaryXml,
} from './testing/index.js';

const inspect = (bytes: Uint8Array): Promise<AndroidPackageFacts | undefined> =>
  inspectAndroidPackage(readerOfBytes(bytes), { size: bytes.length });
const ADA = testCertificate('Ada');
const MANIFEST = writeBinaryXml({
  name: 'manifest',
  attributes: [
    { name: 'package', value: 'com.example.app' },
    { name: 'versionCode', id: 0x0101021b, value: 3 },
  ],
  children: [{ name: 'application' }],
});

/** The manifest with a number of 32 bits replaced. */
function changed(at: number, value: number): Buffer {
  const bytes = Buffer.from(MANIFEST);
  bytes.writeUInt32LE(value, at);
  return bytes;
}

describe('a manifest that lies', () => {
  // Of the pool: its header begins at 8, its counts at 16.
  it.each([
    ['is nothing', Buffer.alloc(0)],
    ['is text', Buffer.from('<manifest package="a.b"/>')],
    ['is cut off', MANIFEST.subarray(0, MANIFEST.length - 10)],
    ['claims a chunk of four billion bytes', changed(12, 0xffff_ffff)],
    ['has a chunk of no bytes', changed(12, 0)],
    ['begins its strings behind its end', changed(28, 0xffff_fff0)],
    ['has its strings lie behind its end', changed(40, 0x7fff_ffff)],
    ['names no package', writeBinaryXml({ name: 'manifest' })],
    ['is of another kind', writeBinaryXml({ name: 'application' })],
    [
      'names a package no device takes',
      writeBinaryXml({ name: 'manifest', attributes: [{ name: 'package', value: '../../etc' }] }),
    ],
  ])('as it %s is refused', async (_, manifest) => {
    await expect(inspect(buildApk({ manifest }))).rejects.toMatchObject({
      code: 'PACKAGE_MANIFEST_DAMAGED',
    });
  });

  it('about how many strings there are is read as far as its bytes go', () => {
    expect(readManifest(changed(16, 0xffff_ffff))).toMatchObject({ versionCode: '3' });
  });

  it('by its nesting is refused', () => {
    let element = { name: 'a' };
    for (let depth = 0; depth < 300; depth += 1)
      element = { name: 'a', children: [element] } as never;
    const bytes = writeBinaryXml({
      ...{ name: 'manifest', children: [element] },
      attributes: [{ name: 'package', value: 'a.b' }],
    });

    expect(() => readManifest(bytes)).toThrow(/nested/);
  });

  it('tells at most 500 permissions', () => {
    const children = Array.from({ length: 700 }, (_, at) => ({
      name: 'uses-permission',
      attributes: [{ name: 'name', id: 0x01010003, value: `p${String(at)}` }],
    }));
    const attributes = [{ name: 'package', value: 'a.b' }];

    const facts = readManifest(writeBinaryXml({ name: 'manifest', attributes, children }));

    expect(facts.permissions).toHaveLength(500);
  });

  it('in whatever way ends in facts or in a refusal, and soon', () => {
    const edits = fc.array(
      fc.tuple(fc.nat(MANIFEST.length - 1), fc.integer({ min: 0, max: 255 })),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(edits, (changes) => {
        const bytes = Buffer.from(MANIFEST);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          expect(readManifest(bytes).packageName).toMatch(/^[A-Za-z][\w.]*$/);
        } catch (error) {
          if (!isArchiveError(error, 'PACKAGE_MANIFEST_DAMAGED')) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a block of signatures that lies', () => {
  const block = signingBlock([Buffer.from('1400000000000000' + '1a870971' + '10000000', 'hex')]);

  it.each([
    ['claims more than the package has', edited(Buffer.from(block), block.length - 24, 1n << 40n)],
    ['is smaller than itself', edited(Buffer.from(block), block.length - 24, 3n)],
    ['holds a signer that is cut off', block],
    ['holds pairs of no length', signingBlock([Buffer.alloc(64)])],
  ])('as it %s leaves the package its facts, and no signer', async (_, damaged) => {
    const facts = await inspect(buildApk({ block: damaged }));

    expect(facts).toMatchObject({ build: '1', signing: { certificates: [], damaged: true } });
  });

  it('in whatever way leaves the package its facts', async () => {
    const apk = buildApk({ v2: [ADA], v3: { signer: ADA, lineage: [ADA] } });
    const start = apk.indexOf(ADA.der) - 60;
    const edits = fc.array(fc.tuple(fc.nat(900), fc.integer({ min: 0, max: 255 })), {
      ...{ minLength: 1, maxLength: 6 },
    });
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const bytes = Buffer.from(apk);
        const end = bytes.length - 22;
        const directory = bytes.readUInt32LE(end + 16);
        for (const [at, value] of changes)
          if (start + at < directory - 24) bytes[start + at] = value;

        expect((await inspect(bytes))?.bundleId).toBe('android:com.example.app');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a signature of the first scheme that lies', () => {
  it('names nobody', async () => {
    const extra = [{ name: 'META-INF/CERT.RSA', content: 'no signature' }];

    const facts = await inspect(buildApk({ extra }));

    expect(facts?.signing).toEqual({
      ...{ schemes: ['v1'], certificates: [], lineage: [], damaged: true },
    });
  });

  it('in whatever way is read to its end', () => {
    const whole = pkcs7Of([ADA], ADA);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, cut) => {
        const bytes = Buffer.from(whole.subarray(0, cut));
        if (at < cut) bytes[at] = value;
        expect(signersOfPkcs7(bytes).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2000 },
    );
  });
});

function edited(bytes: Buffer, at: number, value: bigint): Buffer {
  bytes.writeBigUInt64LE(value, at);
  return bytes;
}
