import { describe, expect, it } from '@jest/globals';
import { writeZip } from './testing/write-zip.js';
import type { ZipOptions, ZipSource } from './testing/write-zip.js';
import { BlockReader } from './block-reader.js';
import { readerOfBytes } from './random-access-reader.js';
import { readZipDirectory } from './zip-directory.js';
import type { ZipDirectory } from './zip-directory.js';

const read = (bytes: Uint8Array): Promise<ZipDirectory> =>
  readZipDirectory(new BlockReader(readerOfBytes(bytes), bytes.length));
const readZip = (sources: readonly ZipSource[], options?: ZipOptions): Promise<ZipDirectory> =>
  read(writeZip(sources, options));

describe('the directory of a zip', () => {
  it('gives entries under names in one spelling', async () => {
    const names = ['a/', './a/b', 'a//c', 'naïve/📱', 'back\\slash', 'Icon\r', '...', '..a'];

    const directory = await readZip(names.map((name) => ({ name })));

    expect([...directory.keys()]).toEqual([
      'a',
      'a/b',
      'a/c',
      'naïve/📱',
      'back\\slash',
      'Icon\r',
      '...',
      '..a',
    ]);
  });

  it('gives sizes and places beyond 32 bits from zip64', async () => {
    const claimedBytes = 5 * 1024 ** 4;

    const directory = await readZip(
      [{ name: 'a', content: 'x'.repeat(100), claimedBytes, zip64: true }],
      { zip64: true },
    );

    expect(directory.get('a')).toMatchObject({ method: 8, bytes: claimedBytes, offset: 0 });
  });

  it('tells names apart that are no UTF-8', async () => {
    const directory = await readZip([
      { name: Buffer.from([0x61, 0xe4]) },
      { name: Buffer.from([0x61, 0xe5]) },
    ]);

    expect([...directory.keys()]).toEqual(['aä', 'aå']);
  });

  it.each([
    ['../x'],
    ['a/../../x'],
    ['a/..'],
    ['..'],
    ['/etc/passwd'],
    ['\\windows'],
    ['a\\..\\..\\x'],
    ['C:/x'],
    ['c:\\x'],
    ['a\0b'],
    ['x'.repeat(4097)],
  ])('is refused for the name %j', async (name) => {
    const refused = readZip([{ name: 'good' }, { name }]);

    await expect(refused).rejects.toMatchObject({ code: 'PACKAGE_ENTRIES_UNSAFE' });
    await expect(refused).rejects.not.toThrow(/passwd|windows/);
  });

  it.each([
    ['a', 'a'],
    ['a/b', './a/b'],
    ['a/b', 'a//b'],
    ['a', 'a/'],
  ])('is refused when %j and %j are one name', async (one, other) => {
    await expect(readZip([{ name: one }, { name: 'x' }, { name: other }])).rejects.toMatchObject({
      code: 'PACKAGE_ENTRIES_UNSAFE',
    });
  });

  it('is refused when it claims more entries than any app has, before they are read', async () => {
    for (const claimedEntries of [200_001, 2 ** 52])
      await expect(readZip([{ name: 'a' }], { zip64: true, claimedEntries })).rejects.toMatchObject(
        {
          code: 'PACKAGE_TOO_LARGE',
        },
      );
  });

  it('is refused when it claims more entries than it has', async () => {
    await expect(readZip([{ name: 'a' }], { claimedEntries: 2 })).rejects.toMatchObject({
      code: 'PACKAGE_NOT_ZIP',
    });
  });

  it('reads a hundred thousand entries in few pieces', async () => {
    const bytes = writeZip(
      Array.from({ length: 100_000 }, (_, index) => ({
        name: `Payload/A.app/file ${index}`,
        stored: true,
      })),
      { zip64: true },
    );
    let reads = 0;
    const port = readerOfBytes(bytes);
    const counting = {
      read: (offset: number, length: number) => {
        reads += 1;
        return port.read(offset, length);
      },
    };

    const directory = await readZipDirectory(new BlockReader(counting, bytes.length));

    expect(directory.size).toBe(100_000);
    expect(reads).toBeLessThan(200);
  });
});

describe('reading in blocks', () => {
  it('gives any piece, across borders and beyond one block', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    const blocks = new BlockReader(readerOfBytes(bytes), bytes.length);
    const pieces = [
      [0, 10],
      [65_530, 20],
      [65_536, 65_536],
      [1, 200_000],
      [299_999, 1],
      [300_000, 0],
    ] as const;

    const read = await Promise.all(pieces.map(([offset, length]) => blocks.read(offset, length)));

    expect(read).toEqual(pieces.map(([offset, length]) => bytes.subarray(offset, offset + length)));
  });

  it('never asks beyond the end, nor for a place that is none', async () => {
    const blocks = new BlockReader(readerOfBytes(Buffer.alloc(100)), 100);

    for (const [offset, length] of [
      [99, 2],
      [-1, 1],
      [2 ** 60, 1],
      [NaN, 1],
      [0, 2 ** 40],
    ] as const)
      await expect(blocks.read(offset, length)).rejects.toMatchObject({ code: 'PACKAGE_NOT_ZIP' });
  });
});
