import { describe, expect, it } from '@jest/globals';
import { ArchiveError, newId, systemClock } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';
import { Doctor } from './doctor.js';
import { ok, warn } from './finding.js';

const HOUSEHOLD = newId<HouseholdId>(systemClock);

describe('the doctor', () => {
  it('goes on when one part cannot be examined', async () => {
    const doctor = new Doctor(
      [
        {
          ...{ id: 'database', what: 'database' },
          examine: async () =>
            Promise.reject(new ArchiveError('DATABASE_FAILED', 'password=hunter22')),
        },
        {
          ...{ id: 'queue', what: 'queue' },
          examine: async () => Promise.reject(new TypeError('hunter22')),
        },
        { id: 'other', what: 'rest', examine: async () => Promise.resolve([ok('other', 'fine')]) },
      ],
      systemClock,
    );

    const report = await doctor.examine(HOUSEHOLD);

    expect(report.level).toBe('fail');
    expect(report.findings.map(({ id, level }) => `${id} ${level}`)).toEqual([
      ...['service ok', 'database fail', 'queue fail', 'other ok'],
    ]);
    expect(JSON.stringify(report)).toContain('DATABASE_FAILED');
    expect(JSON.stringify(report)).not.toContain('hunter22');
  });

  it('tells the worst level of all', async () => {
    const words = { what: 'a', meaning: 'b', remedy: 'c' };
    const examine = async () => Promise.resolve([ok('a', 'fine'), warn('b', words)]);
    const doctor = new Doctor([{ id: 'a', what: 'part', examine }], systemClock);

    expect((await doctor.examine(HOUSEHOLD)).level).toBe('warn');
  });
});
