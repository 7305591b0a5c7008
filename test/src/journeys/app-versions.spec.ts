import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildBackup, buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import type { BackupAppSpec } from '@rootcellar/ios/testing';
import { openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';

const NOTES = 'com.example.notes';
const VERSION_IDS = [865_001_000, 865_002_000];

let household: Household;
beforeAll(async () => {
  household = await openHousehold();
  const versions = ['3.0', '4.0'].entries();
  for (const [at, version] of versions) {
    const app: BackupAppSpec = {
      ...{ bundleId: NOTES, name: 'Notes', version, build: `${version}.1` },
      externalVersionId: VERSION_IDS[at] ?? 0,
      versionIds: VERSION_IDS,
    };
    const { folder } = await buildBackup(join(household.room, version), {
      ...{ deviceName: 'Phone', takenAt: new Date(Date.UTC(2024, 5, 1 + 7 * at)), apps: [app] },
    });
    await household.agent.ok('push', folder);
  }
});
afterAll(async () => household.close());

describe('versions that backups tell of', () => {
  it('are gaps until their packages are kept, and stand in the timeline with them then', async () => {
    const { agent, room } = household;
    const before = await agent.run('app', 'gaps');
    expect(before.code).toBe(3);
    expect(before.json().items).toMatchObject([
      { kind: 'seen', version: '4.0', externalVersionId: '865002000' },
      { kind: 'data', version: '3.0', externalVersionId: '865001000' },
    ]);

    for (const [at, version] of ['3.0', '4.0'].entries()) {
      const externalVersionId = VERSION_IDS[at] ?? 0;
      const metadata = storeMetadata({ bundleId: NOTES, version, externalVersionId });
      const spec = { bundleId: NOTES, name: 'Notes', version, build: `${version}.1`, metadata };
      const file = join(room, `${version}.ipa`);
      await writeFile(file, buildPackage({ ...spec, frameworks: at === 0 ? [] : ['RevenueCat'] }));
      await agent.ok('app', 'add', file);
    }

    const { items } = await agent.ok('app', 'timeline', NOTES);
    expect(items).toMatchObject([
      {
        ...{ version: '4.0', gap: null, packages: [{ buyer: { name: 'Ada' } }] },
        seen: [{ deviceName: 'Phone', installedNow: true }],
        changes: { since: '3.0', frameworks: { added: ['RevenueCat'], dropped: [] } },
      },
      { version: '3.0', gap: null, dataSnapshots: 1, seen: [{ installedNow: false }] },
    ]);
    expect((await agent.run('app', 'gaps', '--device', 'Phone')).code).toBe(0);
  });

  it('are one app with those of another bundle id, when that is said', async () => {
    const { agent, room } = household;
    const file = join(room, 'new.ipa');
    await writeFile(file, buildPackage({ bundleId: 'org.example.notes', version: '5.0' }));
    await agent.ok('app', 'add', file);

    await agent.ok('app', 'link', NOTES, 'org.example.notes');
    const linked = await agent.ok('app', 'timeline', NOTES);
    await agent.ok('app', 'link', NOTES, '--undo');

    expect(linked.items.map(({ version }) => version)).toEqual(['5.0', '4.0', '3.0']);
    expect((await agent.ok('app', 'timeline', NOTES)).items).toHaveLength(2);
    expect((await agent.run('app', 'link', NOTES)).code).toBe(2);
    expect((await agent.run('app', 'timeline', 'no.such.app')).code).toBe(10);
  });
});
