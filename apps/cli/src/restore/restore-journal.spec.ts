import { describe, expect, it } from '@jest/globals';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { systemClock } from '@rootcellar/model';
import { tempFolder } from '../testing/temp-folder.js';
import { RestoreJournal } from './restore-journal.js';
import type { RestoreProgress } from './restore-journal.js';

const NOW = systemClock.now();
const FOLDER = { path: 'Home/Ünter "x"', mtimeNs: -1n };

function upTo(after: string): RestoreProgress {
  return { after, files: 3, bytes: 4096 };
}

function open(path: string, continued = false): RestoreJournal {
  return RestoreJournal.open(path, 'snapshot-1', { continued, now: NOW });
}

describe('the journal of a restore', () => {
  it('tells what is written and which folders wait for their time', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'journal');
    const journal = open(path);
    journal.folder(FOLDER);
    journal.written(upTo('a'));
    journal.written(upTo('b/c'));
    journal.close();

    const left = await RestoreJournal.read(path, 'snapshot-1', NOW);

    expect(left).toEqual({ written: upTo('b/c'), folders: [FOLDER] });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('tells nothing when there is none, and when it was removed', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'journal');
    expect(await RestoreJournal.read(path, 'snapshot-1', NOW)).toBeUndefined();

    const journal = open(path);
    journal.remove();
    journal.close();

    expect(await RestoreJournal.read(path, 'snapshot-1', NOW)).toBeUndefined();
  });

  it('tells nothing of another snapshot', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'journal');
    open(path).close();

    expect(await RestoreJournal.read(path, 'snapshot-2', NOW)).toBeUndefined();
  });

  it('is not believed after the computer was started again', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'journal');
    const journal = open(path);
    journal.written(upTo('a'));
    journal.close();

    // The same time since the start, an hour later: it started an hour later.
    const later = new Date(NOW.getTime() + 3_600_000);

    expect(await RestoreJournal.read(path, 'snapshot-1', later)).toBeUndefined();
  });

  it('goes on behind a line that was cut off', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'journal');
    const first = open(path);
    first.written(upTo('a'));
    first.close();
    await appendFile(path, '{"after":"b/');
    const second = open(path, true);
    second.written(upTo('c'));
    second.close();

    expect(await RestoreJournal.read(path, 'snapshot-1', NOW)).toMatchObject({
      written: { after: 'c' },
    });
  });

  it('cut off anywhere tells a part of the truth, or nothing', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'journal');
    const journal = open(path);
    const done = ['a', 'a/b', 'c'];
    for (const each of done) {
      journal.folder({ path: each, mtimeNs: 1n });
      journal.written(upTo(each));
    }
    journal.close();
    const whole = await readFile(path);

    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (length) => {
        await writeFile(path, whole.subarray(0, length));

        const left = await RestoreJournal.read(path, 'snapshot-1', NOW);

        const count = left?.written?.after === undefined ? 0 : done.indexOf(left.written.after) + 1;
        expect(done.slice(0, count).at(-1)).toBe(left?.written?.after);
        // No folder may be missing among what is said to be done.
        const folders = left?.folders.map((folder) => folder.path) ?? [];
        expect(folders.slice(0, count)).toEqual(done.slice(0, count));
      }),
    );
  });

  it.each(['', 'not JSON\n', 'null\n', '{}\n', '[]\n', '{"folder":"x","mtimeNs":"soon"}\n'])(
    'is none when it holds %j',
    async (text) => {
      await using temp = await tempFolder();
      const path = join(temp.path, 'journal');
      await writeFile(path, text);

      expect(await RestoreJournal.read(path, 'snapshot-1', NOW)).toBeUndefined();
    },
  );
});
