import { hash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBackup, buildPackage } from '@rootcellar/ios/testing';
import { differences } from '@rootcellar/testkit';
import type { Agent, Answer } from '@rootcellar/testkit';
import { noise } from './sample-content.js';

const KIB = 1024;

/** Two devices and two apps, so that rules have something to choose from. */
export const PHONE = { udid: '00008110-0000000000000F01', deviceName: 'Phone', days: 4 };
export const TABLET = { udid: '00008110-0000000000000F02', deviceName: 'Tablet', days: 3 };
export const APP = 'com.example.app';
export const OTHER = 'com.example.other';
const PACKAGES = [
  { bundleId: APP, version: '1.0' },
  { bundleId: APP, version: '2.0' },
  { bundleId: APP, version: '3.0' },
  { bundleId: OTHER, version: '1.0' },
];

export interface Kept {
  readonly id: string;
  /** Nothing about it differs from what was brought in. */
  readonly isWhole: () => Promise<boolean>;
}

export interface KeptHousehold {
  /** Oldest first. */
  readonly phone: readonly Kept[];
  readonly tablet: readonly Kept[];
  /** By version, then the other app's. */
  readonly packages: readonly Kept[];
}

/** Pushes a backup a day of each device, and adds the packages. */
export async function fillHousehold(agent: Agent, room: string): Promise<KeptHousehold> {
  let restores = 0;
  const restoredTo = async (id: string): Promise<Answer> => {
    restores += 1;
    return agent.ok('restore', id, '--to', join(room, 'restored', String(restores)));
  };
  const push = async ({ days, ...device }: typeof PHONE): Promise<Kept[]> => {
    const kept: Kept[] = [];
    for (let day = 1; day <= days; day += 1) {
      const { folder } = await buildBackup(join(room, `${device.deviceName} ${String(day)}`), {
        ...device,
        takenAt: new Date(Date.UTC(2026, 5, day, 12)),
        files: [
          file('shared', noise(device.udid, 600 * KIB)),
          file('own', noise(`${device.udid} ${String(day)}`, 100 * KIB)),
        ],
      });
      const { snapshotId } = await agent.ok('push', folder);
      const isWhole = async (): Promise<boolean> =>
        (await differences(folder, (await restoredTo(snapshotId)).path)).length === 0;
      kept.push({ id: snapshotId, isWhole });
    }
    return kept;
  };
  const add = async (spec: (typeof PACKAGES)[number]): Promise<Kept> => {
    const name = `${spec.bundleId} ${spec.version}.ipa`;
    const content = noise(name, 50 * KIB);
    const data = { name: 'Payload/Example.app/data', content, stored: true };
    const bytes = buildPackage({ ...spec, extra: [data] });
    await mkdir(join(room, 'packages'), { recursive: true });
    await writeFile(join(room, 'packages', name), bytes);
    const { items } = await agent.ok('app', 'add', join(room, 'packages', name));
    const id = items[0]?.artifactId ?? '';
    const isWhole = async (): Promise<boolean> => {
      restores += 1;
      const to = join(room, `back ${String(restores)}.ipa`);
      await agent.ok('app', 'get', id, '--to', to);
      return hash('sha256', await readFile(to)) === hash('sha256', bytes);
    };
    return { id, isWhole };
  };
  const phone = await push(PHONE);
  const tablet = await push(TABLET);
  const packages: Kept[] = [];
  for (const spec of PACKAGES) packages.push(await add(spec));
  return { phone, tablet, packages };
}

function file(
  path: string,
  content: Uint8Array,
): { readonly domain: string; readonly path: string; readonly content: Uint8Array } {
  return { domain: 'CameraRollDomain', path: `Media/${path}`, content };
}
