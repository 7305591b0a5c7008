import { describe, expect, it } from '@jest/globals';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '../testing/temp-folder.js';
import { WatchJournal } from './watch-journal.js';

const ABOUT = ['http://127.0.0.1', 'home', 'ada', '/apps'];
const DAY = 24 * 3_600_000;
const KEPT = { path: '/apps/a.ipa', stamp: '1:2:3', outcome: 'kept' } as const;

describe('what is remembered of a watched folder', () => {
  it('lasts until the file changes', async () => {
    await using temp = await tempFolder();
    {
      using journal = WatchJournal.open(temp.path, ABOUT);
      journal.note({ ...KEPT, sha256: 'abc' });
      journal.note({
        path: '/apps/b.ipa',
        stamp: '4:5:6',
        outcome: 'refused',
        code: 'PACKAGE_NOT_ZIP',
      });
    }

    using journal = WatchJournal.open(temp.path, ABOUT);

    expect(journal.outcomeOf('/apps/a.ipa', '1:2:3')).toBe('kept');
    expect(journal.outcomeOf('/apps/a.ipa', '1:2:4')).toBeUndefined();
    expect(journal.outcomeOf('/apps/b.ipa', '4:5:6')).toBe('refused');
    expect(journal.counts()).toEqual({ kept: 1, 'already-kept': 0, refused: 1 });
  });

  it('is of one folder and sign-in', async () => {
    await using temp = await tempFolder();
    using journal = WatchJournal.open(temp.path, ABOUT);
    journal.note(KEPT);

    using other = WatchJournal.open(temp.path, [...ABOUT.slice(0, 3), '/other']);

    expect(other.outcomeOf('/apps/a.ipa', '1:2:3')).toBeUndefined();
  });

  it('is held by one at a time, and free when that one is gone', async () => {
    await using temp = await tempFolder();
    const first = WatchJournal.open(temp.path, ABOUT);

    expect(() => WatchJournal.open(temp.path, ABOUT)).toThrow(
      expect.objectContaining({ code: 'WATCH_RUNNING' }),
    );
    first[Symbol.dispose]();
    using again = WatchJournal.open(temp.path, ABOUT);

    expect(again.counts().kept).toBe(0);
  });

  it('outlives a file that is away for some days, and ends with one that is away for long', async () => {
    await using temp = await tempFolder();
    using journal = WatchJournal.open(temp.path, ABOUT);
    journal.note(KEPT);

    journal.sweep(new Set(), 0);
    journal.sweep(new Set([KEPT.path]), 20 * DAY);
    journal.sweep(new Set(), 21 * DAY);
    journal.sweep(new Set(), 50 * DAY);
    const known = journal.outcomeOf(KEPT.path, KEPT.stamp);
    journal.sweep(new Set(), 52 * DAY);

    expect(known).toBe('kept');
    expect(journal.outcomeOf(KEPT.path, KEPT.stamp)).toBeUndefined();
  });

  it('begins anew when its file is broken', async () => {
    await using temp = await tempFolder();
    WatchJournal.open(temp.path, ABOUT)[Symbol.dispose]();
    const [name = ''] = await readdir(temp.path);
    await writeFile(
      join(temp.path, name),
      'no database at all, but long enough to be looked at'.repeat(99),
    );

    using journal = WatchJournal.open(temp.path, ABOUT);

    expect(journal.counts().kept).toBe(0);
  });
});
