import { describe, expect, it } from '@jest/globals';
import type { CoveredFile, ManifestRow } from '@rootcellar/ios';
import { hash } from 'node:crypto';
import { eachFile, storedPayloads } from './arrived-files.js';

const idOf = (name: string): string => hash('sha1', name);
const row = (name: string, type: ManifestRow['type'] = 'file'): ManifestRow => ({
  ...{ fileId: idOf(name), domain: 'HomeDomain', relativePath: name, type, blob: undefined },
});
const byId = (a: ManifestRow, b: ManifestRow): number => (a.fileId < b.fileId ? -1 : 1);
const entry = (
  path: string,
  size = 1,
  type: 'file' | 'folder' = 'file',
): { path: string; size: number; type: 'file' | 'folder' } => ({ path, size, type });
const payloadPath = (fileId: string): string => `${fileId.slice(0, 2)}/${fileId}`;

// eslint-disable-next-line @typescript-eslint/require-await -- as a tree gives its entries
async function* inTurn<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function told(
  rows: readonly ManifestRow[],
  stored: readonly { readonly fileId: string; readonly size: number }[],
): Promise<ReadonlyMap<string, number | undefined>> {
  const files: CoveredFile[] = [];
  await eachFile(rows, inTurn(stored), (file) => files.push(file));
  expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
  return new Map(files.map(({ path, bytes }) => [path, bytes]));
}

describe('payloads of a tree', () => {
  it('are its files that are called as iOS calls them', async () => {
    const fileId = idOf('a');
    const entries = [
      entry('Info.plist'),
      entry(fileId.slice(0, 2), 0, 'folder'),
      entry(payloadPath(fileId), 7),
      entry(`00/${fileId.replace(/^../, '11')}`),
      entry(`${payloadPath(fileId)}/x`),
    ];

    const found = [];
    for await (const payload of storedPayloads(inTurn(entries))) found.push(payload);

    expect(found).toEqual([{ fileId, size: 7 }]);
  });
});

describe('files of a backup', () => {
  it('arrived when a payload of their name is stored; folders and links have none', async () => {
    const rows = [row('a'), row('b'), row('folder', 'folder'), row('link', 'link')].sort(byId);
    const stored = [{ fileId: idOf('a'), size: 3 }];

    expect(await told(rows, stored)).toEqual(
      new Map([
        ['a', 3],
        ['b', undefined],
      ]),
    );
  });

  it('are told of each once, whichever are missing and whatever lies between', async () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const names = Array.from({ length: 40 }, (_, at) => `${String(seed)}/${String(at)}`);
      const listed = names.filter((_, at) => (at * 7 + seed) % 3 !== 0);
      const kept = names.filter((_, at) => (at * 5 + seed) % 4 !== 0);
      const stored = kept.map((name) => ({ fileId: idOf(name), size: name.length }));

      const files = await told(
        listed.map((name) => row(name)).sort(byId),
        stored.sort((a, b) => (a.fileId < b.fileId ? -1 : 1)),
      );

      const expected = listed.map((name) => [name, kept.includes(name) ? name.length : undefined]);
      expect([...files].sort()).toEqual(expected.sort());
    }
  });

  it('leave others their turn while they are counted', async () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => row(String(at))).sort(byId);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);

    await eachFile(rows, inTurn([]), () => undefined);

    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });
});
