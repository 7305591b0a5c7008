import { describe, expect, it } from '@jest/globals';
import type { RunningJob } from '@rootcellar/jobs';
import { ArchiveError, newId, systemClock } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';
import { createLogger } from '@rootcellar/platform';
import { failureNotes, noted } from './note-jobs.js';
import type { JobNotes } from './note-jobs.js';

const ORIGIN = {
  requestId: '8e37e9bf-31ff-4cc7-a2a5-dc6adee84d97',
  traceId: '6356846028bbe2dfe6173a9edc0b282d',
};
const JOB: RunningJob = { id: '7', name: 'scrub', attempt: 1, origin: ORIGIN };
const PAYLOAD = { version: 1 as const, householdId: newId<HouseholdId>(systemClock) };

interface Noted extends JobNotes {
  readonly lines: Record<string, unknown>[];
  readonly ended: unknown[][];
}

function notes(): Noted {
  const lines: Record<string, unknown>[] = [];
  const ended: unknown[][] = [];
  let ms = 0;
  const logger = createLogger('debug', {
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const metrics = { ended: (...of: unknown[]) => ended.push(of) };
  return {
    ...{ logger, lines, ended },
    clock: { monotonicMs: () => (ms += 500) },
    metrics: metrics as unknown as JobNotes['metrics'],
  };
}

const context = (job = JOB) => ({
  ...{ job, signal: new AbortController().signal },
  report: async () => Promise.resolve(),
});

describe('a job that is noted', () => {
  it('has lines for start and end, with the request that asked for it', async () => {
    const to = notes();
    const result = { packs: 3, clean: true, findings: ['a name'] };

    expect(await noted(async () => Promise.resolve(result), to)(PAYLOAD, context())).toBe(result);

    const names = { jobId: '7', job: 'scrub', attempt: 1, ...PAYLOAD_HOUSEHOLD, ...ORIGIN };
    expect(to.lines).toMatchObject([
      { level: 30, msg: 'job started', ...names },
      { level: 30, msg: 'job ended', ...names, ms: 500, counters: { packs: 3 } },
    ]);
    expect(JSON.stringify(to.lines)).not.toContain('a name');
    expect(to.ended).toEqual([['scrub', 'completed', 0.5]]);
  });

  it('is quiet when it belongs to nobody', async () => {
    const to = notes();

    await noted(async () => Promise.resolve({}), to)({ version: 1 }, context());

    expect(to.lines.map(({ level }) => level)).toEqual([20, 20]);
  });

  it.each([
    ['failed', 50, new ArchiveError('PACK_DAMAGED', 'damaged')],
    ['failed', 50, new TypeError('a fault')],
    ['again', 40, new ArchiveError('DATABASE_FAILED', 'gone')],
    ['again', 40, new DOMException('stopped', 'AbortError')],
    ['cancelled', 30, new ArchiveError('INTERRUPTED', 'cancelled')],
  ])('tells how it did not end: %s, level %d', async (outcome, level, error) => {
    const to = notes();
    const running = noted(async () => Promise.reject(error), to)(PAYLOAD, context());
    await running.catch(() => undefined);

    failureNotes(to)(error, JOB);

    expect(to.lines.at(-1)).toMatchObject({ level, jobId: '7', ms: 500, ...ORIGIN });
    expect(to.ended).toEqual([['scrub', outcome, 0.5]]);
  });

  it.each([
    [undefined],
    [{ requestId: 'x\ny', traceId: 'z' }],
    [{}],
    [{ requestId: 5, traceId: [] }],
  ])('takes no origin into the log that is none: %j', async (origin) => {
    const to = notes();

    await noted(async () => Promise.resolve({}), to)(
      PAYLOAD,
      context({ ...JOB, origin: origin as RunningJob['origin'] }),
    );

    expect(to.lines[0]).not.toHaveProperty('requestId');
    expect(to.lines[0]).not.toHaveProperty('traceId');
  });
});

const PAYLOAD_HOUSEHOLD = { householdId: PAYLOAD.householdId };
