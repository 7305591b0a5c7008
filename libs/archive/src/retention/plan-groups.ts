import { ExclusiveBytes } from '@rootcellar/vault';
import type { ChunkCover, Runs } from '@rootcellar/vault';
import type { KeptRoot } from '../ports/space-catalog.js';
import type { Space } from '../space/household-spaces.js';
import type { PlanGroup, RetentionPlan } from './retention-plan.js';

interface Going {
  /** Everything outside the bin. */
  readonly roots: readonly KeptRoot[];
  readonly removed: readonly KeptRoot[];
  /** Of what stays. */
  readonly cover: ChunkCover;
}

type KeyOf = (root: KeptRoot) => string | undefined;

/** Removed roots that are in one group, whatever they are grouped by, and what they need of what nothing needs that stays. */
interface Part {
  readonly like: KeptRoot;
  readonly runs: Runs;
}

const deviceOf: KeyOf = (root) => (root.kind === 'snapshot' ? root.deviceId : undefined);
const appOf: KeyOf = (root) => (root.kind === 'artifact' ? root.bundleId : undefined);
const memberOf: KeyOf = (root) => root.memberId;

/** What removing these does to each device, app and member. */
export function planGroups(
  space: Space,
  going: Going,
): Pick<RetentionPlan, 'devices' | 'apps' | 'members'> {
  const { devices, apps, members } = space.inventory;
  const parts = partsOf(space, going);
  const exclusive = new ExclusiveBytes(space.weights);
  const groupBy = (keyOf: KeyOf, names: ReadonlyMap<string, string>): PlanGroup[] => {
    const freed = freedBy(keyOf, parts, exclusive);
    const left = Map.groupBy(going.removed, keyOf);
    return [...Map.groupBy(going.roots, keyOf)].flatMap(([id, its]) => {
      if (id === undefined) return [];
      const removed = left.get(id)?.length ?? 0;
      return {
        ...{ id, name: names.get(id) ?? '' },
        ...{ kept: its.length - removed, removed, freedBytes: freed.get(id) ?? 0 },
      };
    });
  };
  return {
    devices: groupBy(deviceOf, new Map(devices.map(({ id, name }) => [id, name]))),
    apps: groupBy(appOf, new Map(apps.map(({ bundleId, name }) => [bundleId, name]))),
    members: groupBy(memberOf, new Map(members.map(({ id, name }) => [id, name]))),
  };
}

function partsOf(space: Space, { removed, cover }: Going): Part[] {
  const keyOf: KeyOf = (root) => `${memberOf(root)} ${deviceOf(root) ?? appOf(root)}`;
  return [...Map.groupBy(removed, keyOf).values()].flatMap((its) => {
    const [like] = its;
    return like === undefined ? [] : { like, runs: cover.lackedRuns(its.map(space.setOf)) };
  });
}

/** What no other group that goes needs either; what belongs to none counts as one. */
function freedBy(
  keyOf: KeyOf,
  parts: readonly Part[],
  exclusive: ExclusiveBytes,
): ReadonlyMap<string | undefined, number> {
  const groups = Map.groupBy(parts, ({ like }) => keyOf(like));
  const lists = [...groups.values()].map((its) => its.map(({ runs }) => runs));
  const bytes = exclusive.of(lists);
  return new Map([...groups.keys()].map((key, at) => [key, bytes[at] ?? 0]));
}
