import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PlistUid } from '../plist/plist-value.js';
import { mutate, mutations } from '../testing/mutate.js';
import { onlyArchiveErrors } from '../testing/only-archive-errors.js';
import { writeBinaryPlist } from '../testing/write-binary-plist.js';
import { writeManifestBlob } from '../testing/write-manifest-blob.js';
import { writeXmlPlist } from '../testing/write-xml-plist.js';
import { parseManifestBlob } from './parse-manifest-blob.js';

const invalid = expect.objectContaining({ code: 'PLIST_INVALID' });

const FILE = {
  size: 5_000_000_000,
  mode: 0o100644,
  lastModified: 1_700_000_000,
  lastStatusChange: 1_700_000_001,
  birth: 1_600_000_000,
  inode: 123_456,
  userId: 501,
  groupId: 501,
  protectionClass: 3,
  digest: Buffer.alloc(20, 7),
  encryptionKey: Buffer.alloc(44, 9),
};

/** An archive whose root object has just these fields. */
function archive(
  root: Record<string, string | number | Buffer | PlistUid>,
  ...others: string[]
): Buffer {
  return writeBinaryPlist({
    $archiver: 'NSKeyedArchiver',
    $top: { root: new PlistUid(1) },
    $objects: ['$null', root, ...others],
  });
}

describe('parsing the blob of a manifest row', () => {
  it('reads the facts of a file', () => {
    const blob = writeManifestBlob({ ...FILE, relativePath: 'Library/naïve' });

    const file = parseManifestBlob(blob);

    expect(file).toEqual(FILE);
  });

  it('reads where a link leads', () => {
    const file = parseManifestBlob(
      writeManifestBlob({ mode: 0o120755, target: '/var/mobile/naïve' }),
    );

    expect(file.target).toBe('/var/mobile/naïve');
  });

  it('follows the root wherever it lies', () => {
    const blob = writeManifestBlob({ size: 42, leadingObjects: [{ Size: 1 }, 'x'] });

    expect(parseManifestBlob(blob).size).toBe(42);
  });

  it('follows numbers that were boxed', () => {
    const blob = writeBinaryPlist({
      $top: { root: new PlistUid(1) },
      $objects: ['$null', { Size: new PlistUid(2) }, 99],
    });

    expect(parseManifestBlob(blob).size).toBe(99);
  });

  it('leaves out what lies about its type', () => {
    const blob = archive(
      {
        Size: 'many',
        Mode: Buffer.alloc(4),
        Digest: Buffer.alloc(19),
        Target: 7,
        EncryptionKey: new PlistUid(2),
        Birth: 1,
      },
      'text',
    );

    expect(parseManifestBlob(blob)).toEqual({ birth: 1 });
  });

  it('leaves out a target longer than any path', () => {
    const blob = archive({ Target: new PlistUid(2) }, 'x'.repeat(5000));

    expect(parseManifestBlob(blob)).toEqual({});
  });

  it('refuses what is no archive', () => {
    const noRoot = writeBinaryPlist({ $top: {}, $objects: ['$null'] });
    const plainRoot = writeBinaryPlist({ $top: { root: 1 }, $objects: ['$null'] });
    const stringRoot = writeBinaryPlist({ $top: { root: new PlistUid(0) }, $objects: ['$null'] });
    const lostRoot = writeBinaryPlist({ $top: { root: new PlistUid(9) }, $objects: ['$null'] });
    const noArray = writeBinaryPlist({ $top: { root: new PlistUid(0) }, $objects: 'x' });
    const blobs = [noRoot, plainRoot, stringRoot, lostRoot, noArray, writeXmlPlist({ $top: 1 })];

    for (const blob of [...blobs, Buffer.alloc(0), writeBinaryPlist('x')])
      expect(() => parseManifestBlob(blob)).toThrow(invalid);
  });

  it('refuses a root with more fields than any archive has', () => {
    const fields = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i]));

    expect(() => parseManifestBlob(archive(fields))).toThrow(invalid);
  });

  it('refuses a blob that is cut off anywhere', () => {
    const blob = writeManifestBlob(FILE);

    for (let length = 0; length < blob.length; length += 1)
      expect(() => parseManifestBlob(blob.subarray(0, length))).toThrow(invalid);
  });

  it('never fails in any other way, whatever bytes are changed', () => {
    const blob = writeManifestBlob({ ...FILE, target: 'naïve' });

    fc.assert(
      fc.property(mutations, (changes) =>
        onlyArchiveErrors(() => parseManifestBlob(mutate(blob, changes))),
      ),
      { numRuns: 5000 },
    );
  });
});
