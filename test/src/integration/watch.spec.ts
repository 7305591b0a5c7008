import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArchiveError, newId, systemClock } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';
import { createMemoryObjectStore, faultyObjectStore } from '@rootcellar/object-store';
import type { FaultPlan } from '@rootcellar/object-store';
import { startMonitoring } from '@rootcellar/platform';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

let test: TestArchive;
let faults: FaultPlan = () => undefined;
beforeAll(async () => {
  const objects = faultyObjectStore(
    createMemoryObjectStore(),
    (call) => faults(call),
    async () => Promise.resolve(),
  );
  test = await openTestArchive({ objectsIn: async () => Promise.resolve(objects) });
});
afterAll(async () => test[Symbol.asyncDispose]());

/** What the doctor finds wrong, by id. */
async function wrong(): Promise<Record<string, string>> {
  const { findings } = await test.watch.doctor.examine(test.actor.householdId);
  // The disk of whoever runs this is not of interest.
  const bad = findings.filter(({ id, level }) => level !== 'ok' && !id.endsWith('-space'));
  return Object.fromEntries(bad.map(({ id, level }) => [id, level]));
}

/** The names a scrape shows, those of the process as well. */
async function namesShown(): Promise<ReadonlySet<string>> {
  const { metrics, readiness } = test.watch;
  const monitoring = await startMonitoring({
    ...{ port: 0, host: '127.0.0.1', registry: metrics.registry, checks: readiness },
  });
  const text = await (await fetch(`http://127.0.0.1:${monitoring.port}/metrics`)).text();
  await monitoring.close();
  return new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name));
}

describe.each(['deploy/grafana/rootcellar.json', 'deploy/prometheus/rootcellar.rules.yml'])(
  '%s',
  (path) => {
    it('names no metric that does not exist', async () => {
      const root = join(import.meta.dirname, '../../..');
      const text = await readFile(join(root, path), 'utf8');
      const known = await namesShown();

      const named = [...text.matchAll(/\b(?:rootcellar|nodejs|process)_\w+/g)].map(([name]) =>
        known.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''),
      );

      expect(named.length).toBeGreaterThan(5);
      expect(named.filter((name) => !known.has(name))).toEqual([]);
    });
  },
);

describe('the figures of the archive', () => {
  it('count packs and uploads', async () => {
    const { archive, actor, server, watch } = test;
    const backup = await smallBackup(join(server.room, 'backup'));
    const uploadId = await sendBackup(archive, actor, backup);
    await commitBackup(archive.commitUpload, actor, { uploadId, backup });
    // As another process: this one has the figures of a moment ago.
    const other = await test.openAgain();

    const text = await other.watch.metrics.registry.metrics();

    await other.close();
    expect(text).toMatch(/rootcellar_packs\{state="live"\} [1-9]/);
    expect(text).toMatch(/rootcellar_pack_bytes\{state="live"\} [1-9]/);
    expect(text).toMatch(/rootcellar_scrub_age_seconds \d/);
    expect(text).toContain('rootcellar_uploads_open 0');
    expect(watch.metrics.registry.getSingleMetric('rootcellar_packs')).toBeDefined();
  });
});

/** The tests' PostgreSQL forgoes fsync, and no worker made schedules. */
const AS_TESTED = { 'database-durable': 'fail', 'queue-schedules': 'fail' };

describe('the doctor', () => {
  it('finds a database without fsync, and that no worker ever ran', async () => {
    expect(await wrong()).toEqual(AS_TESTED);
  });

  it('finds nothing of the queue any more once there are schedules', async () => {
    const other = await test.openAgain();
    await other.queue.schedule();

    expect(await wrong()).toEqual({ 'database-durable': 'fail' });
    await other.close();
  });

  it('finds a schema that lacks a change, or has one of a newer release', async () => {
    const name = 'Retention1795100000000';
    await test.database.query('update migrations set name = $1 where name = $2', ['Later1', name]);
    expect(await wrong()).toMatchObject({ 'database-schema': 'fail' });

    await test.database.query('insert into migrations (timestamp, name) values (1, $1)', [name]);
    expect(await wrong()).toMatchObject({ 'database-schema': 'warn' });

    await test.database.query(`delete from migrations where name = 'Later1'`);
    expect(await wrong()).not.toHaveProperty('database-schema');
  });

  it('finds an object store that fails', async () => {
    const away = new ArchiveError('OBJECT_STORE_UNAVAILABLE', 'away');
    faults = ({ operation }) => (operation === 'put' ? { before: away } : undefined);

    expect(await wrong()).toMatchObject({ 'object-store': 'fail' });
    faults = () => undefined;
  });

  it('finds a household without its key, and upkeep that stopped', async () => {
    const { householdId } = test.actor;
    await test.database.query(
      `insert into upkeep (household_id, seen_at, alert, alert_at) values ($1, now(), 'the clock jumped', now())
        on conflict (household_id) do update set alert = excluded.alert, alert_at = excluded.alert_at`,
      [householdId],
    );
    expect(await wrong()).toMatchObject({ upkeep: 'fail' });
    await test.database.query('update upkeep set alert = null, alert_at = null');

    const nobody = newId<HouseholdId>(systemClock);
    const { findings } = await test.watch.doctor.examine(nobody);
    expect(findings.find(({ id }) => id === 'master-key')?.level).toBe('fail');
  });
});

describe('without its database', () => {
  it('the service is not ready, shows no old figures, and the doctor says so', async () => {
    const [pid] = (await readFile(join(test.server.folder, 'postmaster.pid'), 'utf8')).split('\n');
    const before = await test.watch.metrics.registry.metrics();
    expect(before).toContain('rootcellar_dependency_up{dependency="database"} 1');

    process.kill(Number(pid), 'SIGKILL');
    let report = await test.watch.readiness.look();
    while (report.database === 'ok' || report.queue === 'ok')
      report = await test.watch.readiness.look();

    expect(report).toEqual({ database: 'down', objectStore: 'ok', queue: 'down' });
    await expect(test.watch.readiness.require()).rejects.toMatchObject({
      code: 'DATABASE_FAILED',
      details: report,
    });
    expect(await wrong()).toMatchObject({ database: 'fail', queue: 'fail', upkeep: 'fail' });
    const other = await test.watch.metrics.registry.metrics();
    expect(other).toContain('rootcellar_dependency_up{dependency="database"} 0');
  });
});
