import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor, DeviceVerdict } from '@rootcellar/archive';
import { listAppVersions } from '@rootcellar/catalog/queries';
import { buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import type { BackupSpec, PackageSpec } from '@rootcellar/ios/testing';
import { newId, systemClock } from '@rootcellar/model';
import type { ArtifactId, DeviceId } from '@rootcellar/model';
import { addMember } from './second-actor.js';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { sendPackage } from './sent-package.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

const APP = 'com.example.notes';
const MINE = 'ada@example.org';
const IN_APP = 'Payload/Example.app';
const NOISE = Array.from({ length: 300_000 }, (_, at) => String.fromCharCode((at * at) % 251)).join(
  '',
);

let test: TestArchive;
let ada: Actor;
let bob: Actor;
let adasPhone: DeviceId;
let bobsPhone: DeviceId;
let adasBackups = 0;
beforeAll(async () => {
  test = await openTestArchive();
  ada = test.actor;
  bob = await addMember(test, { email: 'bob@example.org', role: 'member' });
  const app = { bundleId: APP, version: '4.0', appleId: MINE };
  adasPhone = await backUp(ada, { udid: 'a'.repeat(40), deviceName: 'Ada’s iPhone', apps: [app] });
  bobsPhone = await backUp(bob, { udid: 'b'.repeat(40), deviceName: 'Bob’s iPhone' });
}, 60_000);
afterAll(async () => test[Symbol.asyncDispose]());

async function backUp(actor: Actor, spec: BackupSpec): Promise<DeviceId> {
  const folder = join(test.server.room, `backup ${String((adasBackups += 1))}`);
  const backup = await smallBackup(folder, {
    ...{ productType: 'iPhone14,5', productVersion: '17.5.1' },
    ...spec,
  });
  const uploadId = await sendBackup(test.archive, actor, backup);
  const committed = await commitBackup(test.archive.commitUpload, actor, { uploadId, backup });
  if (!('deviceId' in committed)) throw new Error('a backup was sent');
  return committed.deviceId;
}

/** As the App Store gives it to Ada. */
async function add(
  version: string,
  spec: PackageSpec = {},
  { actor = ada, isPrivate = false } = {},
): Promise<ArtifactId> {
  const metadata = storeMetadata({ bundleId: spec.bundleId ?? APP, version, appleId: MINE });
  delete (metadata as { softwareVersionExternalIdentifier?: unknown })
    .softwareVersionExternalIdentifier;
  const bytes = buildPackage({
    ...{ bundleId: APP, version, metadata, sinf: 1_234_567_890 },
    executable: { architectures: ['arm64'], encrypted: true },
    ...spec,
  });
  return sendPackage(test.archive, actor, bytes, { isPrivate });
}

const judge = async (id: ArtifactId, deviceId = adasPhone, actor = ada): Promise<DeviceVerdict> =>
  test.archive.judgeInstall.judgeFor(actor, id, deviceId);
const answersOf = ({ facts }: DeviceVerdict): Record<string, string> =>
  Object.fromEntries(facts.map(({ fact, answer }) => [fact, answer]));

describe('whether a package can be installed', () => {
  it('is told from its facts and the device’s newest backup', async () => {
    const verdict = await judge(await add('3.0'));

    expect(verdict.installs).toBe('yes');
    expect(verdict.device).toMatchObject({
      ...{ name: 'Ada’s iPhone', productType: 'iPhone14,5', productVersion: '17.5.1' },
      installed: { version: '4.0', offloaded: false },
    });
    expect(verdict.device.asOf).toBeInstanceOf(Date);
    expect(answersOf(verdict)).toEqual({
      ...{ 'store-package': 'yes', rights: 'yes', 'same-apple-id': 'yes' },
    });
    expect(verdict.risks.map(({ risk }) => risk)).toEqual(['signature-age', 'app-server']);
  });

  it('is no where the device is too old', async () => {
    const id = await add('3.1', { info: { MinimumOSVersion: '26.0' } });

    expect((await judge(id)).checks[0]).toMatchObject({
      ...{ check: 'minimum-os', verdict: 'no', failure: 'DeviceOSVersionTooLow' },
    });
  });

  it('tells another buyer from nobody knows whose', async () => {
    const metadata = { ...storeMetadata({ bundleId: APP, version: '3.2' }) };
    const id = await add('3.2', { metadata: { ...metadata, 'apple-id': 'other@example.org' } });

    expect(answersOf(await judge(id))['same-apple-id']).toBe('no');
    // The backup of Bob's phone names no buyer.
    expect(answersOf(await judge(id, bobsPhone, bob))['same-apple-id']).toBe('unknown');
  });

  it('is judged for one’s own devices and no others', async () => {
    const id = await add('3.3');
    const page = { limit: 10 };

    const judged = await test.archive.judgeInstall.execute(ada, id, page);

    expect(judged.items.map(({ device }) => device.id)).toEqual([adasPhone]);
    const refusals = await Promise.all(
      [bobsPhone, newId<DeviceId>(systemClock)].map(async (deviceId) =>
        judge(id, deviceId).catch(String),
      ),
    );
    expect(refusals[0]).toContain('no such device');
    expect(refusals[1]).toBe(refusals[0]);
  });

  it('does not say that another keeps a package', async () => {
    const id = await add('3.4', {}, { actor: bob, isPrivate: true });
    const other = await add('3.5');
    const { judgeInstall, compareArtifacts } = test.archive;
    const unknown = newId<ArtifactId>(systemClock);
    const questions = [
      async (which: ArtifactId) => judgeInstall.execute(ada, which, { limit: 1 }),
      async (which: ArtifactId) => compareArtifacts.execute(ada, { before: other, after: which }),
      async (which: ArtifactId) => compareArtifacts.execute(ada, { before: which, after: other }),
    ];

    for (const question of questions) {
      const answer = await question(id).catch(String);
      expect(answer).toContain('no such package');
      expect(await question(unknown).catch(String)).toBe(answer);
    }
    await expect(judgeInstall.execute(bob, id, { limit: 1 })).resolves.toBeDefined();
  });

  it('goes on without what an earlier release did not find', async () => {
    const id = await add('3.6');
    await test.database.query(
      `update artifact set facts = '{"deviceFamilies": [1]}' where id = $1`,
      [id],
    );

    const verdict = await judge(id);

    expect(verdict.installs).toBe('unknown');
    expect(verdict.checks.find(({ check }) => check === 'family')?.verdict).toBe('yes');
  });
});

describe('a package that contradicts itself', () => {
  it.each([
    [
      '2.1',
      { metadata: storeMetadata({ bundleId: APP, version: '2.0' }) },
      'metadata-other-version',
    ],
    ['2.2', { metadata: storeMetadata({ bundleId: 'com.other' }) }, 'metadata-other-app'],
    ['2.3', { metadata: Buffer.alloc(50 * 1024 * 1024) }, 'metadata-too-large'],
    ['2.4', { sinf: false }, 'rights-missing'],
    ['2.5', { sinf: 4711 }, 'rights-other-app'],
    ['2.6', { artwork: Buffer.from('no picture') }, 'artwork-no-picture'],
  ] as const)(
    'is kept as what it says itself, and shown as one: %s',
    async (version, spec, code) => {
      const id = await add(version, spec);

      const judged = await test.archive.judgeInstall.execute(ada, id, { limit: 1 });
      expect(judged.package).toMatchObject({ version, problems: [{ code }] });
      const { items } = await listAppVersions(test.database, ada, {
        ...{ bundleId: APP, cursor: undefined, limit: 1000 },
      });
      const listed = items.flatMap(({ artifacts }) => artifacts).find((one) => one.id === id);
      expect(listed?.problems).toMatchObject([{ code }]);
    },
  );
});

describe('what changed between two packages', () => {
  const photo = { name: `${IN_APP}/photo.bin`, content: NOISE, stored: true };

  it('is read from the vault, with what they share', async () => {
    const before = await add('1.0', { extra: [photo], frameworks: ['Old'] });
    const after = await add('1.1', {
      extra: [photo, { name: `${IN_APP}/large.bin`, content: 'x'.repeat(50_000), stored: true }],
      frameworks: ['RevenueCat'],
      info: { NSCameraUsageDescription: 'To scan', MinimumOSVersion: '15.0' },
    });

    const changes = await test.archive.compareArtifacts.execute(ada, { before, after });

    expect(changes).toMatchObject({
      app: 'same',
      ...{ before: { version: '1.0', id: before }, after: { version: '1.1', id: after } },
      permissions: { added: ['NSCameraUsageDescription'], removed: [], reworded: [] },
      minimumOs: { before: '12.0', after: '15.0' },
      frameworks: { added: ['RevenueCat'], removed: ['Old'] },
      signals: { appeared: [expect.objectContaining({ evidence: 'RevenueCat' })], gone: [] },
    });
    const { sharedBytes, newBytes } = changes.stored;
    expect(sharedBytes + newBytes).toBe(changes.after.size);
    expect(changes.files.largest[0]).toMatchObject({
      ...{ path: 'App/large.bin', bytesBefore: undefined, bytesAfter: 50_000 },
    });
    expect(changes.files.largest[0]?.newPackedBytes).toBeGreaterThan(0);
  });

  it('is nothing of a package and itself', async () => {
    const id = await add('1.2', { extra: [photo] });

    const changes = await test.archive.compareArtifacts.execute(ada, { before: id, after: id });

    expect(changes.files).toMatchObject({ added: 0, removed: 0, changed: 0, largest: [] });
    expect(changes.stored).toEqual({ sharedBytes: changes.after.size, newBytes: 0 });
  });

  it('is told of two apps as of two apps, unless somebody linked them', async () => {
    const before = await add('1.3');
    const after = await add('1.3', { bundleId: 'org.example.notes' });
    const app = async (): Promise<string> =>
      (await test.archive.compareArtifacts.execute(ada, { before, after })).app;

    expect(await app()).toBe('different');
    await test.database.query(
      `insert into app_link (household_id, bundle_id, to_bundle_id) values ($1, $2, 'org.example.notes')`,
      [ada.householdId, APP],
    );
    expect(await app()).toBe('linked');
  });
});

describe('signs of how an app earns money', () => {
  const bundleId = 'com.example.timer';
  const signals = async (actor = ada, limit = 100) =>
    test.archive.appSignals.execute(actor, bundleId, { limit });
  const STRINGS = {
    name: `${IN_APP}/en.lproj/Localizable.strings`,
    content: '"a" = "Restore Purchases";',
  };
  beforeAll(async () => {
    await add('3.0', { bundleId });
    await add('4.0', { bundleId, frameworks: ['RevenueCat'], extra: [STRINGS] });
    await add('4.1', { bundleId, frameworks: ['RevenueCat'] });
  });

  it('are told since when, and what they may mean', async () => {
    const report = await signals();

    expect(report.items.map(({ version, signals: found }) => [version, found?.length])).toEqual([
      ['4.1', 1],
      ['4.0', 2],
      ['3.0', 0],
    ]);
    expect(
      report.appearances.map((one) => [one.evidence, one.since.version, one.goneWith?.version]),
    ).toEqual([
      ['RevenueCat', '4.0', undefined],
      ['Restore Purchases', '4.0', '4.1'],
    ]);
    expect(report.suggestion?.text).toBe(
      '4.0 brings RevenueCat and words like “Restore Purchases”: if it went subscription-only, say `rootcellar app subscription com.example.timer --from 4.0`.',
    );
  });

  it('come in pages, newest first', async () => {
    const first = await signals(ada, 2);
    const rest = await test.archive.appSignals.execute(ada, bundleId, {
      ...{ cursor: first.nextCursor ?? undefined, limit: 2 },
    });

    expect(first.items.map(({ version }) => version)).toEqual(['4.1', '4.0']);
    expect(rest).toMatchObject({ items: [{ version: '3.0' }], nextCursor: null });
  });

  it('are read from the vault where nobody looked before', async () => {
    const known = await signals();
    const forget = `update artifact set contents = null, read_version = 0`;
    await test.database.query(forget);

    const report = await signals();

    expect(report.appearances).toEqual(known.appearances);
    expect(report.unread).toBe(0);
  });

  it('give way to what a member says', async () => {
    await test.archive.retention.setSubscription(ada, bundleId, '4.0');

    expect(await signals()).toMatchObject({ subscriptionFrom: '4.0', suggestion: undefined });
  });

  it('are those of what one may read', async () => {
    await add('5.0', { bundleId, frameworks: ['Adapty'] }, { actor: bob, isPrivate: true });

    const evidence = async (actor: Actor): Promise<string[]> =>
      (await signals(actor)).appearances.map((one) => one.evidence);

    expect(await evidence(ada)).not.toContain('Adapty');
    expect(await evidence(bob)).toContain('Adapty');
    await expect(
      test.archive.appSignals.execute(ada, 'com.example.none', { limit: 1 }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
