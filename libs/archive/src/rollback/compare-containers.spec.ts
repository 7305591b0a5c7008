import { describe, expect, it } from '@jest/globals';
import { comparePaths } from '@rootcellar/model';
import fc from 'fast-check';
import { compareContainers } from './compare-containers.js';
import type { AppFile } from './compare-containers.js';

const DOMAIN = 'AppDomain-com.example.app';
const file = (path: string, size = 4096, domain = DOMAIN): AppFile => ({
  ...{ fileId: `${domain}-${path}`, domain, path, size },
});

describe('an app’s files between two backups', () => {
  it('are counted where they came and went', () => {
    const then = [file('a', 10), file('b', 20)];
    const now = [file('b', 25), file('c/d', 30), file('e', 5, 'AppDomainGroup-group.x')];

    const { added, removed } = compareContainers(then, now);

    expect(added).toEqual({
      files: 2,
      bytes: 35,
      examples: [`${DOMAIN}/c/d`, 'AppDomainGroup-group.x/e'],
    });
    expect(removed).toEqual({ files: 1, bytes: 10, examples: [`${DOMAIN}/a`] });
  });

  it('are databases perhaps when they are whole pages; those that are called so come first', () => {
    const then = [
      file('Cache', 512),
      file('note.txt', 11),
      file('z.sqlite'),
      file('z.sqlite-shm'),
      file('z.sqlite-wal'),
    ];
    const now = [file('a.db', 1000), file('z.sqlite', 8192)];

    const { databases } = compareContainers(then, now);

    expect(
      databases.map(({ path, then: before, now: after }) => [path, before?.size, after?.size]),
    ).toEqual([
      ['z.sqlite', 4096, 8192],
      ['Cache', 512, undefined],
    ]);
  });

  it('are logs of databases that were not there', () => {
    const { newLogs } = compareContainers(
      [file('a.db'), file('b.db'), file('b.db-wal')],
      [file('a.db'), file('a.db-wal'), file('b.db'), file('b.db-wal')],
    );

    expect(newLogs.map(({ path }) => path)).toEqual(['a.db-wal']);
  });

  it('are the difference of the two sets, whatever they are called and however many', () => {
    const name = fc.array(fc.constantFrom('a', 'b', 'é', '📱', 'a0'), {
      minLength: 1,
      maxLength: 3,
    });
    const names = fc.uniqueArray(
      name.map((parts) => parts.join('/')),
      { maxLength: 30 },
    );
    const sorted = (all: readonly string[]): AppFile[] =>
      all.toSorted(comparePaths).map((path) => file(path, 1));

    fc.assert(
      fc.property(names, names, (before, after) => {
        const { added, removed } = compareContainers(sorted(before), sorted(after));

        expect(added.files).toBe(after.filter((name) => !before.includes(name)).length);
        expect(removed.files).toBe(before.filter((name) => !after.includes(name)).length);
      }),
    );
  });
});
