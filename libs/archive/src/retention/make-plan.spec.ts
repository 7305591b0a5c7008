import { describe, expect, it } from '@jest/globals';
import type { ArtifactId, DeviceId, MemberId, RootId, SnapshotId } from '@rootcellar/model';
import { ChunkCounts, ChunkWeights } from '@rootcellar/vault';
import { sampleChunkSets } from '@rootcellar/vault/testing/samples';
import type { Inventory, KeptRoot } from '../ports/space-catalog.js';
import type { Space } from '../space/household-spaces.js';
import { makePlan } from './make-plan.js';

const NOW = Date.UTC(2026, 10, 25);
const DAY_MS = 86_400_000;
const MEMBERS = ['ada', 'bob'] as MemberId[];

/** Three phones and four apps of two members, a backup a day and a version a week. */
function household(): Space {
  const { devices, apps, weights } = sampleChunkSets({
    ...{ seed: 3, snapshots: 60, chunksPerSnapshot: 2000, devices: 3 },
    ...{ versions: 40, chunksPerVersion: 100, apps: 4, total: 20_000 },
  });
  const sets = new Map<RootId, Uint8Array>();
  const facts = (id: string, set: Uint8Array, back: number, member: number) => {
    sets.set(id as RootId, set);
    return {
      ...{
        memberId: MEMBERS[member % 2] ?? ('' as MemberId),
        logicalBytes: 0,
        pinned: false,
        neededBytes: undefined,
      },
      ...{ storedAt: new Date(NOW - back * DAY_MS), bin: undefined },
    };
  };
  const roots: KeptRoot[] = [
    ...devices.flatMap((history, device) =>
      history.map((set, at): KeptRoot => {
        const id = `s${device}-${at}` as SnapshotId;
        const own = facts(id, set, history.length - at, device);
        const takenAt = own.storedAt;
        const deviceId = `phone${device}` as DeviceId;
        return {
          kind: 'snapshot',
          id,
          deviceId,
          deviceName: 'Phone',
          takenAt,
          complete: true,
          householdWide: false,
          ...own,
        };
      }),
    ),
    ...apps.flatMap((history, app) =>
      history.map((set, at): KeptRoot => {
        const id = `a${app}-${at}` as ArtifactId;
        return {
          ...{ kind: 'artifact', id, bundleId: `app${app}`, appName: 'App', versionId: id },
          ...{ version: `1.${at}`, build: undefined, externalVersionId: undefined },
          ...{ minimumOs: undefined, deviceFamilies: [], householdWide: true },
          // Members take turns in one app, too.
          ...facts(id, set, 7 * (history.length - at), at),
        };
      }),
    ),
  ];
  const known = new ChunkWeights();
  known.append(0, weights);
  const setOf = ({ id }: { readonly id: RootId }): Uint8Array => sets.get(id) ?? Buffer.of(0);
  const countOf = (some: Iterable<KeptRoot>): ChunkCounts =>
    ChunkCounts.of(known, [...some].map(setOf));
  return {
    inventory: {
      roots,
      devices: devices.map((_, at) => ({
        ...{
          id: `phone${at}` as DeviceId,
          name: `Phone ${at}`,
          ownerId: MEMBERS[at % 2] ?? ('' as MemberId),
        },
        ...{ productType: undefined, productVersion: undefined, installed: [], held: [] },
      })),
      apps: apps.map((_, at) => ({
        ...{ bundleId: `app${at}`, name: `App ${at}`, subscriptionFrom: undefined },
      })),
      members: MEMBERS.map((id) => ({ id, name: id })),
    },
    ...{ setOf, weights: known, bytesOf: (root) => known.bytesOf(setOf(root)) },
    count: (some) => Promise.resolve(countOf(some)),
  };
}

const space = household();
const all = (await space.count(space.inventory.roots)).bytes;
const rules = { snapshots: { last: 2, daily: 5, weekly: 2 }, versions: { last: 3 } };

describe('makePlan', () => {
  it.each([
    ['without a budget', rules],
    ['with one that takes some', { ...rules, budget: Math.round(all * 0.75) }],
    ['with one that nothing fits', { ...rules, budget: 1_000_000 }],
  ])(
    'counts what removing one after the other, and each group alone, would free: %s',
    async (_, policy) => {
      const plan = makePlan(
        space,
        { ...{ policy, saved: false, graceSeconds: 0 }, household: { name: 'X', timeZone: 'UTC' } },
        { now: () => new Date(NOW), monotonicMs: () => 0 },
      );

      const { roots } = space.inventory;
      const going = new Set(plan.items.filter(({ keep }) => !keep).map(({ id }) => id));
      const counts = await space.count(roots);
      expect(going.size).toBeGreaterThan(0);
      expect(plan.neededBytes).toBe(counts.bytes);
      for (const group of [...plan.devices, ...plan.apps, ...plan.members]) {
        const its = roots.filter((root) =>
          [root.memberId, root.kind === 'snapshot' ? root.deviceId : root.bundleId].includes(
            group.id as never,
          ),
        );
        const gone = its.filter(({ id }) => going.has(id));
        expect(group).toMatchObject({ removed: gone.length, kept: its.length - gone.length });
        expect(group.freedBytes).toBe(counts.freedBytes(gone.map(space.setOf)));
      }
      for (const { id, keep, bytes, freedBytes } of plan.items) {
        expect(bytes).toBe(space.weights.bytesOf(space.setOf({ id })));
        expect(freedBytes).toBe(keep ? 0 : counts.remove(space.setOf({ id })));
      }
      expect(plan.neededAfterBytes).toBe(counts.bytes);
      expect(plan.freedBytes).toBe(plan.neededBytes - counts.bytes);
      const limit = 'budget' in policy ? policy.budget : undefined;
      expect(plan.budget).toEqual(
        limit === undefined
          ? undefined
          : { limit, before: plan.neededBytes, after: counts.bytes, fits: counts.bytes <= limit },
      );
    },
  );

  const planOf = (roots: readonly KeptRoot[], more: Partial<Inventory> = {}) =>
    makePlan(
      { ...space, inventory: { ...space.inventory, ...more, roots } },
      {
        ...{ policy: { snapshots: { last: 2 }, versions: { last: 1 } }, saved: false },
        ...{ graceSeconds: 0, household: { name: 'X', timeZone: 'UTC' } },
      },
      { now: () => new Date(NOW), monotonicMs: () => 0 },
    );
  const keptOf = (roots: readonly KeptRoot[], more: Partial<Inventory> = {}): string[] =>
    planOf(roots, more)
      .items.filter(({ keep }) => keep)
      .map(({ id }) => id);
  const phone = space.inventory.roots.filter(
    (root) => root.kind === 'snapshot' && root.deviceId === 'phone0',
  );
  const older = phone.slice(0, 5);
  const newer = phone.slice(5, 10);

  it('leaves private packages alone, and does not name them', () => {
    const roots = space.inventory.roots.map((root) =>
      root.kind === 'artifact' && root.bundleId === 'app0'
        ? { ...root, householdWide: false }
        : root,
    );

    const plan = planOf(roots);

    expect(JSON.stringify(plan)).not.toContain('app0');
    expect(plan.apps.map(({ id }) => id)).toEqual(['app1', 'app2', 'app3']);
    expect(plan.neededBytes).toBe(all);
  });

  it('counts the snapshots of a device that changed hands for each owner apart', () => {
    const owned = (roots: readonly KeptRoot[], at: number): KeptRoot[] =>
      roots.map((root) => ({ ...root, memberId: MEMBERS[at] ?? root.memberId }));

    const kept = keptOf([...owned(older, 0), ...owned(newer, 1)]);

    expect(kept).toEqual([...older.slice(-2), ...newer.slice(-2)].map(({ id }) => id));
  });

  it('counts the snapshots of a device with those of the one it replaced', () => {
    const replaced = newer.map((root) =>
      root.kind === 'snapshot' ? { ...root, deviceId: 'phone9' as DeviceId } : root,
    );
    const [device] = space.inventory.devices;
    const successor = { ...device, id: 'phone9' as DeviceId, successorOf: 'phone0' as DeviceId };
    const devices = [device, successor] as Inventory['devices'];

    expect(keptOf([...older, ...replaced], { devices })).toEqual(
      newer.slice(-2).map(({ id }) => id),
    );
  });
});
