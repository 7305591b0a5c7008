import { describe, expect, it } from '@jest/globals';
import type { Upkeep } from '@rootcellar/archive';
import type { DatabaseFacts, PoolUsage } from '@rootcellar/catalog';
import type { QueueOverview } from '@rootcellar/jobs';
import type { Finding } from './finding.js';
import { worstOf } from './finding.js';
import { judgeClock } from './judge-clock.js';
import { judgeDatabase } from './judge-database.js';
import { judgeQueue } from './judge-queue.js';
import { judgeSpace } from './judge-space.js';
import { judgeUpkeep } from './judge-upkeep.js';

const NOW = new Date('2026-11-25T12:00:00Z');

function ago(hours: number): Date {
  return new Date(NOW.getTime() - hours * 3_600_000);
}

/** What is not well, by id. Whatever is said to be wrong says what follows and what to do. */
function troubles(findings: readonly Finding[]): Record<string, string> {
  const bad = findings.filter(({ level }) => level !== 'ok');
  for (const { meaning, remedy } of bad) expect([meaning, remedy]).not.toContain(null);
  return Object.fromEntries(bad.map(({ id, level }) => [id, level]));
}

const DATABASE: DatabaseFacts = {
  ...{ serverVersion: 180_004, fsync: true, fullPageWrites: true, synchronousCommit: 'on' },
  ...{ maxConnections: 60, reservedConnections: 3, openConnections: 9, now: NOW },
  ...{ databaseBytes: 1e7, missingMigrations: [], unknownMigrations: [] },
};
const POOL: PoolUsage = { max: 24, inUse: 1, idle: 1, waiting: 0 };

describe('the database', () => {
  it('is well as the service sets it up itself', () => {
    expect(troubles(judgeDatabase(DATABASE, POOL))).toEqual({});
  });

  it.each<[Partial<DatabaseFacts>, Record<string, string>]>([
    [{ serverVersion: 150_000 }, { database: 'warn' }],
    [{ missingMigrations: ['X1'] }, { 'database-schema': 'fail' }],
    [{ unknownMigrations: ['Y1'] }, { 'database-schema': 'warn' }],
    [{ fsync: false }, { 'database-durable': 'fail' }],
    [{ fullPageWrites: false }, { 'database-durable': 'fail' }],
    [{ synchronousCommit: 'off' }, { 'database-durable': 'fail' }],
    [{ maxConnections: 20 }, { 'database-connections': 'fail' }],
    [{ openConnections: 55 }, { 'database-connections': 'warn' }],
  ])('with %j is not', (facts, wrong) => {
    expect(troubles(judgeDatabase({ ...DATABASE, ...facts }, POOL))).toEqual(wrong);
  });
});

describe('a clock', () => {
  const reading = (seconds: number) => ({
    ...{ before: NOW, after: new Date(NOW.getTime() + 2000) },
    theirs: new Date(NOW.getTime() + seconds * 1000),
  });

  it.each([
    [1, 'ok'],
    [6, 'ok'],
    [-4, 'ok'],
    [8, 'warn'],
    [-60, 'warn'],
    [400, 'fail'],
    [-400, 'fail'],
  ])('that differs by %d s is %s', (seconds, level) => {
    expect(judgeClock('a-clock', 'database', reading(seconds)).level).toBe(level);
  });
});

const QUEUE: QueueOverview = {
  backend: 'postgres',
  counts: { waiting: 0, delayed: 2, active: 0, completed: 5, failed: 0 },
  ...{ byKind: [], oldestWaitingSince: undefined, schedules: ['tidy-uploads', 'upkeep'] },
};

describe('the queue', () => {
  it.each<[string, Partial<QueueOverview>, Record<string, string>]>([
    ['is well', {}, {}],
    ['waits a while', { oldestWaitingSince: ago(0.5) }, {}],
    ['waits long', { oldestWaitingSince: ago(2) }, { 'queue-waiting': 'warn' }],
    ['waits for days', { oldestWaitingSince: ago(48) }, { 'queue-waiting': 'fail' }],
    ['lacks a schedule', { schedules: ['upkeep'] }, { 'queue-schedules': 'fail' }],
    ['is in a good Redis', { backend: 'redis', evictionPolicy: 'noeviction' }, {}],
    ['may be evicted', { backend: 'redis', evictionPolicy: 'allkeys-lru' }, { queue: 'fail' }],
  ])('%s', (_, overview, wrong) => {
    expect(troubles(judgeQueue({ ...QUEUE, ...overview }, NOW))).toEqual(wrong);
  });
});

const UPKEEP: Upkeep = {
  ...{ seenAt: ago(0.5), retainedAt: ago(10), collectedAt: ago(10) },
  ...{ alert: undefined, alertAt: undefined },
};

describe('upkeep', () => {
  it.each<[string, Partial<Upkeep>, Record<string, string>]>([
    ['is well', {}, {}],
    ['is new', { seenAt: undefined, collectedAt: undefined, retainedAt: undefined }, {}],
    ['stopped by itself', { alert: 'the clock jumped' }, { upkeep: 'fail' }],
    ['does not run', { seenAt: ago(4) }, { upkeep: 'warn' }],
    ['does not collect', { collectedAt: ago(24 * 5) }, { collection: 'warn' }],
  ])('%s', (_, upkeep, wrong) => {
    const facts = { oldestCheck: undefined, timeZone: 'Europe/Berlin' };

    expect(troubles(judgeUpkeep({ ...facts, upkeep: { ...UPKEEP, ...upkeep } }, NOW))).toEqual(
      wrong,
    );
  });

  it.each([
    [24 * 29, true, {}],
    [24 * 31, true, { scrub: 'warn' }],
    [24 * 31, false, { scrub: 'warn' }],
  ])('minds packs not read for %d hours', (hours, checked, wrong) => {
    const facts = { upkeep: UPKEEP, timeZone: 'Europe/Berlin' };

    const findings = judgeUpkeep({ ...facts, oldestCheck: { at: ago(hours), checked } }, NOW);

    expect(troubles(findings)).toEqual(wrong);
  });

  it('minds a time zone nobody knows', () => {
    const facts = { upkeep: UPKEEP, oldestCheck: undefined, timeZone: 'Mars/Olympus' };

    expect(troubles(judgeUpkeep(facts, NOW))).toEqual({ 'time-zone': 'fail' });
  });
});

describe('space', () => {
  const GIB = 1024 ** 3;

  it.each([
    [500 * GIB, 1000 * GIB, 'ok'],
    [9 * GIB, 1000 * GIB, 'warn'],
    [40 * GIB, 1000 * GIB, 'warn'],
    [GIB / 2, 1000 * GIB, 'fail'],
    // A small disk is not nearly full because it is small.
    [5 * GIB, 8 * GIB, 'ok'],
  ])('of %d free bytes of %d is %s', (freeBytes, totalBytes, level) => {
    expect(judgeSpace('space', 'objects', { freeBytes, totalBytes }).level).toBe(level);
  });
});

describe('the whole', () => {
  it('is as bad as its worst part', () => {
    const finding = (level: Finding['level']): Finding => ({
      ...{ id: 'a', what: '', meaning: null, remedy: null },
      level,
    });

    expect(worstOf([])).toBe('ok');
    expect(worstOf([finding('ok'), finding('warn')])).toBe('warn');
    expect(worstOf([finding('warn'), finding('fail'), finding('ok')])).toBe('fail');
  });
});
