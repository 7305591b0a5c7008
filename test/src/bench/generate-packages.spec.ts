import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readBinaryPlist } from './corpus/read-binary-plist.js';
import { generatePackages } from './generate-packages.js';

const ORDER = { seed: 1, apps: 7, versions: 2, appMib: 0.25 };

let room: string;
beforeAll(async () => {
  room = mkdtempSync(join(tmpdir(), 'bench-spec-'));
  await generatePackages({ ...ORDER, folder: join(room, 'a') });
  await generatePackages({ ...ORDER, folder: join(room, 'b') });
});
afterAll(() => rmSync(room, { recursive: true }));

describe('generatePackages', () => {
  it('writes the same bytes for the same seed', () => {
    for (const app of [0, 5, 6]) {
      const [a, b] = [read('a', app, 2), read('b', app, 2)];

      expect(a.equals(b)).toBe(true);
    }
  });

  // App 2 stores its images, app 6 is written as a stream.
  it.each([0, 1, 2, 6])('names app %i and its version in Info.plist', (app) => {
    const files = unzip(read('a', app, 2));

    const info = readBinaryPlist(files.get(`Payload/App${app}.app/Info.plist`) ?? Buffer.alloc(0));
    expect(info).toMatchObject({
      CFBundleIdentifier: `com.example.app${app}`,
      CFBundleShortVersionString: '2.0',
      CFBundleVersion: '1002',
    });
  });

  it('keeps most files from one version to the next', () => {
    const [first, second] = [unzip(read('a', 0, 1)), unzip(read('a', 0, 2))];

    const kept = [...first].filter(([name, content]) => second.get(name)?.equals(content) === true);
    expect(kept.length).toBeGreaterThan(first.size / 2);
    expect(kept.length).toBeLessThan(first.size);
  });
});

function read(copy: string, app: number, version: number): Buffer {
  return readFileSync(join(room, copy, `app${app}`, `v${version}.ipa`));
}

/** By the central directory, every checksum compared. */
function unzip(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = zip.length - 22;
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, crc] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 16)];
    const packedSize = zip.readUInt32LE(at + 20);
    const [nameSize, extraSize] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30)];
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + packedSize);
    const content = method === 8 ? inflateRawSync(packed) : packed;
    expect(crc32(content)).toBe(crc);
    files.set(zip.toString('utf8', at + 46, at + 46 + nameSize), content);
    at += 46 + nameSize + extraSize;
  }
  return files;
}
