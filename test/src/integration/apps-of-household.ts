import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor, FoundGap, TimelineEntry } from '@rootcellar/archive';
import { buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import type { BackupAppSpec, BackupSpec, PackageSpec } from '@rootcellar/ios/testing';
import type { ArtifactId, DeviceId, SnapshotId } from '@rootcellar/model';
import { addMember } from './second-actor.js';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { sendPackage } from './sent-package.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

export const GAME = 'com.example.game';
export const APPLE_IDS = { ada: 'Ada.Buys@example.com', bob: 'bob.buys@example.com' } as const;
const UDIDS = { ada: '00008101-000000000000AAAA', bob: '00008101-000000000000BBBB' } as const;
export const PAGE = { cursor: undefined, limit: 100 };

/** Ada, who is administrator, and Bob, each with a phone. */
export interface AppsOfHousehold extends AsyncDisposable {
  readonly test: TestArchive;
  readonly ada: Actor;
  readonly bob: Actor;
  /** A backup of somebody's phone with these apps. */
  push(
    whose: 'ada' | 'bob',
    day: string,
    apps: readonly BackupAppSpec[],
    more?: BackupSpec,
  ): Promise<SnapshotId>;
  /** A package that Ada keeps. */
  add(spec: PackageSpec & { readonly isPrivate?: boolean }): Promise<ArtifactId>;
  timelineOf(actor: Actor, bundleId?: string): Promise<readonly TimelineEntry[]>;
  gapsOf(actor: Actor, deviceId?: DeviceId): Promise<readonly FoundGap[]>;
}

export async function appsOfHousehold(): Promise<AppsOfHousehold> {
  const test = await openTestArchive();
  const bob = await addMember(test, { email: 'bob@example.org', role: 'member' });
  const room = await mkdtemp(join(tmpdir(), 'rootcellar-apps-'));
  const { archive, actor: ada } = test;
  return {
    ...{ test, ada, bob },
    push: async (whose, day, apps, more = {}) => {
      const actor = whose === 'ada' ? ada : bob;
      const backup = await smallBackup(await mkdtemp(join(room, 'backup-')), {
        ...{ udid: UDIDS[whose], deviceName: `Phone of ${whose}`, takenAt: new Date(day) },
        apps: apps.map((app) => ({ appleId: APPLE_IDS[whose], ...app })),
        ...more,
      });
      const uploadId = await sendBackup(archive, actor, backup);
      const result = await commitBackup(archive.commitUpload, actor, { uploadId, backup });
      if (!('snapshotId' in result)) throw new Error('a backup was sent');
      return result.snapshotId;
    },
    add: async ({ isPrivate = false, ...spec }) =>
      sendPackage(archive, ada, buildPackage(spec), { isPrivate }),
    timelineOf: async (actor, bundleId = GAME) =>
      (await archive.appTimeline.execute(actor, bundleId, PAGE)).items,
    gapsOf: async (actor, deviceId) =>
      (await archive.gapRadar.execute(actor, { ...PAGE, deviceId })).items,
    [Symbol.asyncDispose]: async () => {
      await rm(room, { recursive: true, force: true });
      await test[Symbol.asyncDispose]();
    },
  };
}

/** A version as a backup tells of it. */
export function game(version: string, id: number, versionIds = [100, 200, 300]): BackupAppSpec {
  return { bundleId: GAME, name: 'Game', version, externalVersionId: id, versionIds };
}

/** Its package, bought by Ada. */
export function bought(version: string, id: number): PackageSpec {
  const appleId = APPLE_IDS.ada.toUpperCase();
  return {
    ...{ bundleId: GAME, name: 'Game', version },
    metadata: storeMetadata({ ...game(version, id), appleId }),
  };
}
