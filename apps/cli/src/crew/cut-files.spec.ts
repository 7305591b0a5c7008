import { afterAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHUNK_FRAME_BYTES } from '@rootcellar/chunking';
import { sha256 } from '@rootcellar/model';
import { noise } from '../testing/noise.js';
import { tempFolder } from '../testing/temp-folder.js';
import { SLAB_BYTES, idAt } from './batch.js';
import { Crew } from './crew.js';
import type { FileToCut } from './cut-files.js';

const SEED = Buffer.alloc(32, 7);
const crew = new Crew(1);
afterAll(() => crew.close());

function seen(source: string): FileToCut {
  const { size, mtimeNs, ino } = lstatSync(source, { bigint: true });
  return { source, size: Number(size), mtimeNs, inode: ino, wantSha1: true };
}

async function cut(...files: FileToCut[]): ReturnType<typeof crew.run<'cutFiles'>> {
  return crew.run('cutFiles', { memory: new SharedArrayBuffer(SLAB_BYTES), seed: SEED, files });
}

describe('reading files in a thread', () => {
  it('gives chunks that are the files, their ids and their digests', async () => {
    await using temp = await tempFolder();
    const contents = [
      Buffer.from('small'),
      Buffer.alloc(0),
      noise(2_000_000),
      Buffer.alloc(400_000),
    ];
    const paths = contents.map((_, n) => join(temp.path, String(n)));
    for (const [n, path] of paths.entries()) await writeFile(path, contents[n] ?? '');
    const memory = new SharedArrayBuffer(SLAB_BYTES);

    const batch = await crew.run('cutFiles', { memory, seed: SEED, files: paths.map(seen) });

    const bytes = Buffer.from(memory);
    for (const [n, content] of contents.entries()) {
      const chunks = batch.chunks.filter(({ file }) => file === n);
      const parts = chunks.map(({ at, length }) => bytes.subarray(at, at + length));
      expect(Buffer.concat(parts).equals(content)).toBe(true);
      expect(batch.outcomes[n]).toEqual({
        status: 'ok',
        sha1: new Uint8Array(createHash('sha1').update(content).digest()),
      });
    }
    batch.chunks.forEach(({ at, length }, index) => {
      expect(idAt({ ...batch, memory }, index)).toBe(sha256(bytes.subarray(at, at + length)));
    });
  });

  it('begins a chunk where it is told to, in files read whole and in parts', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'file');
    // Seams close together, at the end of a part (15 MiB), and right before the end.
    const seams = [1, 700_000, 700_100, 15_728_640, 17_000_000, 19_999_999];
    const [large, small] = [noise(20_000_000), noise(9_000_000)];
    const ends = async (content: Buffer): Promise<Set<number>> => {
      await writeFile(path, content);
      const file = { ...seen(path), seams };
      const lengths: number[] = [];
      for (let offset = 0; offset < content.length;) {
        const memory = new SharedArrayBuffer(SLAB_BYTES);
        const part = { memory, seed: SEED, file, kind: 'incompressible' as const, offset };
        const { chunks } =
          content === small
            ? await crew.run('cutFiles', { memory, seed: SEED, files: [file] })
            : await crew.run('cutPart', part);
        for (const { length } of chunks) {
          lengths.push(length);
          offset += length;
        }
      }
      let end = 0;
      return new Set(lengths.map((length) => (end += length)));
    };

    const [ofLarge, ofSmall] = [await ends(large), await ends(small)];

    expect(seams.filter((seam) => !ofLarge.has(seam))).toEqual([]);
    expect(seams.filter((seam) => seam < small.length && !ofSmall.has(seam))).toEqual([]);
    expect(Math.max(...ofLarge)).toBe(large.length);
  });

  it('leaves room for a head before every chunk', async () => {
    await using temp = await tempFolder();
    for (const n of [0, 1, 2]) await writeFile(join(temp.path, String(n)), noise(300_000, n + 1));

    const { chunks } = await cut(...[0, 1, 2].map((n) => seen(join(temp.path, String(n)))));

    let end = 0;
    for (const { at, length } of chunks) {
      expect(at - end).toBe(CHUNK_FRAME_BYTES);
      end = at + length;
    }
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['grew', async (path) => writeFile(path, 'longer than before')],
    ['is shorter', async (path) => writeFile(path, 'x')],
    ['has another time', async (path) => utimes(path, 5, 5)],
    ['vanished', async (path) => rm(path)],
    ['is another file', async (path) => replace(path, async (by) => writeFile(by, 'before'))],
    ['became a link', async (path) => replace(path, async (by) => symlink('/etc/hostname', by))],
    [
      'became a pipe, which would wait for ever',
      async (path) =>
        replace(path, async (by) => Promise.resolve(void execFileSync('mkfifo', [by]))),
    ],
  ])('leaves out a file that %s, and takes the others', async (_, meddle) => {
    await using temp = await tempFolder();
    const [path, other] = [join(temp.path, 'file'), join(temp.path, 'other')];
    await writeFile(path, 'before');
    await writeFile(other, 'other');
    const file = seen(path);
    await meddle(path);

    const { outcomes, chunks } = await cut(file, seen(other));

    expect(outcomes.map(({ status }) => status)).toEqual(['changed', 'ok']);
    expect(chunks.map((chunk) => chunk.file)).toEqual([1]);
    expect(await crew.run('probe', { ...file, size: 200_000 })).toBe('changed');
    expect(await crew.run('hashFile', { file, algorithm: 'sha256' })).toBeUndefined();
  });

  it('cuts a large file part by part as it cuts it whole', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'large');
    const content = noise(20_000_000);
    await writeFile(path, content);
    const file = seen(path);
    const kind = await crew.run('probe', file);
    if (kind === 'changed') throw new Error('it did not change');
    const parts: Buffer[] = [];

    for (let offset = 0; offset < file.size;) {
      const memory = new SharedArrayBuffer(SLAB_BYTES);
      const part = await crew.run('cutPart', { memory, seed: SEED, file, kind, offset });
      expect(part.status).toBe('ok');
      for (const { at, length } of part.chunks) parts.push(Buffer.from(memory, at, length));
      offset += part.consumed;
    }

    expect(Buffer.concat(parts).equals(content)).toBe(true);
    expect(kind).toBe('incompressible');
  });

  it('keeps the code of what the system refused', async () => {
    await using temp = await tempFolder();
    const file = { ...seen(temp.path), source: join(temp.path, 'x'.repeat(300)) };

    await expect(cut(file)).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  });
});

/** As a program does that writes a new file and then gives it the old name. */
async function replace(path: string, make: (path: string) => Promise<void>): Promise<void> {
  await make(`${path}.new`);
  await rename(`${path}.new`, path);
}
