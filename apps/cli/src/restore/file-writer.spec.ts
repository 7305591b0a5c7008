import { afterAll, describe, expect, it } from '@jest/globals';
import { lstatSync, utimesSync } from 'node:fs';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CODEC, encodeBody } from '@rootcellar/chunking';
import type { EntryStart, FileChunk } from '@rootcellar/chunking';
import { sha256 } from '@rootcellar/model';
import { Crew } from '../crew/crew.js';
import { noise } from '../testing/noise.js';
import { tempFolder } from '../testing/temp-folder.js';
import { diskFailure } from './disk-failure.js';
import { FileWriter } from './file-writer.js';

const crew = new Crew(2);
afterAll(() => crew.close());

const MTIME = 1_700_000_000_000_000_000n;

interface Writing {
  readonly writer: FileWriter;
  readonly done: string[];
  readonly folders: string[];
  readonly written: () => number;
}

function writing(root: string): Writing {
  const [done, folders]: [string[], string[]] = [[], []];
  let bytes = 0;
  const writer = new FileWriter({
    ...{ crew, root, platform: process.platform },
    setModificationTime: (path, mtimeNs) => {
      utimesSync(path, Number(mtimeNs) / 1e9, Number(mtimeNs) / 1e9);
    },
    onDone: (path) => done.push(path),
    onFolder: ({ path }) => folders.push(path),
    onWritten: (count) => (bytes += count),
  });
  return { writer, done, folders, written: () => bytes };
}

function fileEntry(path: string, chunks: readonly FileChunk[]): EntryStart {
  const refs = chunks.map(({ id, plainLength }) => ({ id, length: plainLength }));
  const size = refs.reduce((sum, { length }) => sum + length, 0);
  return { record: 'entry', path, type: 'file', mtimeNs: MTIME, size, chunks: refs.length, refs };
}

function folderEntry(path: string): EntryStart {
  return { ...fileEntry(path, []), type: 'folder' };
}

function chunk(plain: Buffer): FileChunk {
  const { codec, body } = encodeBody(plain);
  return { record: 'chunk', id: sha256(plain), codec, plainLength: plain.length, body };
}

async function put(writer: FileWriter, path: string, ...contents: Buffer[]): Promise<void> {
  const chunks = contents.map(chunk);
  writer.begin(fileEntry(path, chunks));
  for (const each of chunks) await writer.chunk(each);
}

describe('writing the files of a stream', () => {
  it('gives every file its bytes and its time, empty ones too, and makes folders', async () => {
    await using temp = await tempFolder();
    const { writer, done, folders, written } = writing(temp.path);
    const large = [noise(3_000_000, 1), noise(3_000_000, 2), Buffer.alloc(4_000_000), noise(1, 3)];

    writer.begin(folderEntry('d'));
    await put(writer, 'd/small', Buffer.from('small'));
    await put(writer, 'empty');
    await put(writer, 'new folder/large', ...large);
    await writer.finish();

    expect(await readFile(join(temp.path, 'd/small'), 'utf8')).toBe('small');
    expect(await readFile(join(temp.path, 'empty'), 'utf8')).toBe('');
    const restored = await readFile(join(temp.path, 'new folder/large'));
    expect(restored.equals(Buffer.concat(large))).toBe(true);
    for (const path of ['d/small', 'empty', 'new folder/large'])
      expect(lstatSync(join(temp.path, path), { bigint: true }).mtimeNs).toBe(MTIME);
    expect([folders, done.at(-1)]).toEqual([['d'], 'new folder/large']);
    expect(written()).toBe(5 + 10_000_001);
  });

  it('tells a path as done only when everything up to it is written', async () => {
    await using temp = await tempFolder();
    const { writer, done } = writing(temp.path);
    const first = [chunk(noise(1000, 1)), chunk(noise(1000, 2))];
    writer.begin(fileEntry('a', first));
    for (const each of first.slice(0, 1)) await writer.chunk(each);

    // The stream broke off here.
    await writer.finish();

    expect(done).toEqual([]);
  });

  it('tells paths as done in their order, whichever thread was faster', async () => {
    await using temp = await tempFolder();
    const { writer, done } = writing(temp.path);
    const names = Array.from({ length: 40 }, (_, n) => `f${String(n).padStart(2, '0')}`);

    for (const [n, name] of names.entries()) await put(writer, name, noise(700_000, n + 1));
    await writer.finish();

    expect(done).toEqual(done.toSorted());
    expect(done.at(-1)).toBe('f39');
    expect(await readdir(temp.path)).toHaveLength(40);
  });

  it('does not take a chunk whose bytes are not those of its name', async () => {
    await using temp = await tempFolder();
    const { writer, done } = writing(temp.path);
    const damaged = {
      ...chunk(Buffer.from('right')),
      codec: CODEC.plain,
      body: Buffer.from('wrong'),
    };

    writer.begin(fileEntry('file', [damaged]));
    await writer.chunk(damaged);

    await expect(writer.finish()).rejects.toMatchObject({ code: 'CHUNK_DAMAGED' });
    expect(done).toEqual([]);
  });

  it('does not take a body that cannot be expanded', async () => {
    await using temp = await tempFolder();
    const { writer } = writing(temp.path);
    const cut = { ...chunk(Buffer.alloc(100)), codec: CODEC.zstd, body: Buffer.from('no frame') };

    writer.begin(fileEntry('file', [cut]));
    await writer.chunk(cut);

    await expect(writer.finish()).rejects.toMatchObject({ code: 'CHUNK_DAMAGED' });
  });

  it('writes nothing through a link that lies where a file should be', async () => {
    await using temp = await tempFolder();
    const [root, mine] = [join(temp.path, 'root'), join(temp.path, 'mine')];
    await mkdir(root);
    await writeFile(mine, 'mine');
    await symlink(mine, join(root, 'file'));
    const { writer } = writing(root);

    const restore = put(writer, 'file', Buffer.from('theirs')).then(() => writer.finish());

    await expect(restore).rejects.toMatchObject({ code: 'ELOOP' });
    expect(await readFile(mine, 'utf8')).toBe('mine');
  });

  it('leads nowhere outside of its folder', async () => {
    await using temp = await tempFolder();
    const { writer } = writing(join(temp.path, 'root'));

    for (const path of ['../x', '/x', 'a/../../x'])
      expect(() => {
        writer.begin(folderEntry(path));
      }).toThrow(expect.objectContaining({ code: 'PROTOCOL_BROKEN' }));

    expect(await readdir(temp.path)).toEqual([]);
  });

  it('says what the disk says when it cannot be written', async () => {
    await using temp = await tempFolder();
    await mkdir(join(temp.path, 'file'));
    const { writer } = writing(temp.path);

    const failed = await put(writer, 'file', Buffer.from('bytes'))
      .then(() => writer.finish())
      .catch(diskFailure);

    expect(failed).toMatchObject({ code: 'RESTORE_TARGET_FAILED' });
  });
});
