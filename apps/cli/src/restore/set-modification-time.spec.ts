import { describe, expect, it } from '@jest/globals';
import { lstatSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { tempFolder } from '../testing/temp-folder.js';
import { loadSetModificationTime } from './set-modification-time.js';

/** From 1902 to 2038: every file system keeps these, but for its first and last second. */
const anyTime = fc.bigInt(-(2n ** 31n - 2n) * 1_000_000_000n, (2n ** 31n - 2n) * 1_000_000_000n);

function mtimeNs(path: string): bigint {
  return lstatSync(path, { bigint: true }).mtimeNs;
}

describe('setting modification times', () => {
  it('is exact to the nanosecond, before 1970 too, for files and folders', async () => {
    await using temp = await tempFolder();
    const paths = [join(temp.path, 'file'), join(temp.path, 'folder')];
    await writeFile(paths[0] ?? '', '');
    await mkdir(paths[1] ?? '');
    const set = await loadSetModificationTime(process.platform);

    fc.assert(
      fc.property(anyTime, fc.constantFrom(...paths), (time, path) => {
        set(path, time);

        expect(mtimeNs(path)).toBe(time);
      }),
    );
  });

  it('is as exact when it is loaded once more', async () => {
    await using temp = await tempFolder();
    await loadSetModificationTime(process.platform);
    const set = await loadSetModificationTime(process.platform);

    set(temp.path, 1_700_000_000_123_456_789n);

    expect(mtimeNs(temp.path)).toBe(1_700_000_000_123_456_789n);
  });

  it('is within a microsecond where the system call cannot be had, within two milliseconds before 1970', async () => {
    await using temp = await tempFolder();
    const set = await loadSetModificationTime('win32');

    fc.assert(
      fc.property(anyTime, (time) => {
        set(temp.path, time);

        const off = mtimeNs(temp.path) - time;
        const most = time < 0n ? 2_000_000n : 1000n;
        expect(off < most && off > -most).toBe(true);
      }),
    );
  });

  it('says when there is nothing of that name', async () => {
    for (const platform of [process.platform, 'win32'] as const) {
      const set = await loadSetModificationTime(platform);

      expect(() => {
        set('/no/such/file', 0n);
      }).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    }
  });
});
