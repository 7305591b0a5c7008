import { describe, expect, it } from '@jest/globals';
import type { DatabaseShape } from '@rootcellar/ios';
import type { SnapshotId } from '@rootcellar/model';
import type { ComparedDatabase } from './app-databases.js';
import type { ContainerChanges } from './compare-containers.js';
import { judgeDowngrade } from './judge-downgrade.js';
import type { DowngradeSafety } from './rollback-plan.js';

const shape = (
  userVersion: number,
  tables: Readonly<Record<string, readonly string[]>>,
  applicationId = 0,
): DatabaseShape => ({
  userVersion,
  applicationId,
  tables: new Map(Object.entries(tables)),
  cutOff: false,
});

const compared = (then: DatabaseShape, now: DatabaseShape): ComparedDatabase => ({
  ...{ domain: 'AppDomain-x', path: 'Library/songs.sqlite', state: 'compared', then, now },
});
const NOTHING: ContainerChanges = {
  added: { files: 0, bytes: 0, examples: [] },
  removed: { files: 0, bytes: 0, examples: [] },
  ...{ databases: [], moreDatabases: 0, newLogs: [] },
};

function judge(
  databases: readonly ComparedDatabase[],
  changes: Partial<ContainerChanges> = {},
): DowngradeSafety {
  return judgeDowngrade({
    ...{ target: '3.2', databases, changes: { ...NOTHING, ...changes } },
    comparedWith: { snapshotId: 's' as SnapshotId, takenAt: new Date(0) },
  });
}
const codes = ({ findings }: DowngradeSafety): string[] => findings.map(({ code }) => code);

describe('what an older version may stumble over', () => {
  it('is nothing while databases keep their form', () => {
    const same = shape(3, { song: ['id', 'title'] });
    const safety = judge([compared(same, same), { ...compared(same, same), state: 'same-bytes' }]);

    expect([safety.verdict, safety.databases, codes(safety)]).toEqual(['unchanged', 2, []]);
    expect(safety.summary).toContain('3.2');
  });

  it('is another number of the form, other tables, other columns; said by name', () => {
    const safety = judge([
      compared(
        shape(41, { song: ['id', 'title'], old: ['a'] }),
        shape(47, { song: ['id', 'name', 'title'], album: ['id'], artist: ['id'] }, 9),
      ),
    ]);

    expect(safety.verdict).toBe('changed');
    expect(codes(safety)).toEqual([
      'database-other-kind',
      'database-version',
      'tables-changed',
      'columns-changed',
    ]);
    expect(safety.findings.map(({ text }) => text).slice(1)).toEqual([
      '“songs.sqlite” had form number 41, now it has 47: 3.2 was made for 41.',
      '“songs.sqlite” since then: 2 tables are new (album, artist), 1 table is gone (old).',
      '“songs.sqlite”: in “song” 1 column is new (name).',
    ]);
  });

  it('is a log that would be applied to an older database, but none of its header alone', () => {
    const same = shape(3, { song: ['id'] });
    const log = {
      fileId: 'f',
      domain: 'AppDomain-x',
      path: 'Library/songs.sqlite-wal',
      size: 4152,
    };

    expect(codes(judge([compared(same, same)], { newLogs: [log] }))).toEqual(['log-left']);
    expect(codes(judge([compared(same, same)], { newLogs: [{ ...log, size: 32 }] }))).toEqual([]);
    expect(codes(judge([], { newLogs: [log] }))).toEqual([]);
  });

  it('what was not looked at is said, and files that came and went are notes behind what matters', () => {
    const safety = judge(
      [
        { domain: 'AppDomain-x', path: 'big.db', state: 'not-looked-at' },
        { domain: 'AppDomain-x', path: 'new.db', state: 'only-now' },
        { domain: 'AppDomain-x', path: 'bad.db', state: 'unreadable' },
        compared(shape(1, {}), shape(2, {})),
      ],
      { added: { files: 2, bytes: 2048, examples: ['AppDomain-x/a'] }, moreDatabases: 3 },
    );

    expect(codes(safety)).toEqual([
      'database-version',
      'database-new',
      'not-looked-at',
      'not-looked-at',
      'files-new',
    ]);
    expect(safety.findings.at(-2)?.text).toMatch(/^4 databases changed and were not looked at/);
    expect(safety.findings.at(-1)?.text).toMatch(/^2 files \(2.0 KiB\) came since then/);
  });

  it('is bounded, and shows no control characters of a hostile name', () => {
    const many = Array.from({ length: 500 }, (_, at) => ({
      ...compared(shape(1, {}), shape(2, {})),
      path: `\u001b[31m${String(at)}.db`,
    }));

    const { findings } = judge(many);

    expect(findings.length).toBeLessThanOrEqual(60);
    expect(findings.map(({ text }) => text).join()).not.toContain('\u001b');
  });

  it('is unknown of an app without a database that could be compared', () => {
    expect(judge([]).summary).toContain('no SQLite database');
  });
});
