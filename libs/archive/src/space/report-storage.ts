import { ArchiveError } from '@rootcellar/model';
import type { Clock, HouseholdId, MemberId, RootId } from '@rootcellar/model';
import { groupSizes } from '@rootcellar/vault';
import { administratorOnly } from '../people/administrator-only.js';
import { maySee } from '../people/may.js';
import type { Actor } from '../ports/people-catalog.js';
import type { QuotaCatalog } from '../ports/quota-catalog.js';
import type { RetentionCatalog } from '../ports/retention-catalog.js';
import type {
  Inventory,
  KeptRoot,
  PackSpace,
  SpaceCatalog,
  StorageDay,
} from '../ports/space-catalog.js';
import { quotaState } from '../quotas/quota-state.js';
import { quotaUse } from '../quotas/quota-use.js';
import { forecast } from './forecast.js';
import type { Forecast } from './forecast.js';
import type { HouseholdSpaces, Space } from './household-spaces.js';
import { localDay, subjectOf } from './root-subject.js';

/** Sizes of a device, member, app, version, snapshot or package. Bytes are sealed bytes unless they say otherwise. */
export interface GroupStorage {
  readonly id: string;
  readonly name: string;
  readonly items: number;
  /** Bytes of its files, as files. */
  readonly logicalBytes: number;
  /** What it needs, shared or not. */
  readonly neededBytes: number;
  /** What only it needs: its deletion alone frees this. */
  readonly uniqueBytes: number;
  /** What others need too. */
  readonly sharedBytes: number;
}

/** Sealed bytes of a snapshot or package. */
export interface RootCost {
  /** What it would need if there were nothing else. */
  readonly aloneBytes: number;
  /** Of these, what others need too. */
  readonly sharedBytes: number;
  /** What comes back when it goes, and only it. */
  readonly freesBytes: number;
}

export interface StorageReport {
  readonly logicalBytes: number;
  /** Needed by what is not in the bin. */
  readonly neededBytes: number;
  /** Of the needed: by one snapshot or package only, and by several. */
  readonly uniqueBytes: number;
  readonly sharedBytes: number;
  /** Needed only by what is in the bin: comes back when its time is over. */
  readonly binBytes: number;
  /** How the whole household's packs lie in the store; for administrators. */
  readonly packs: PackStorage | undefined;
  readonly members: readonly GroupStorage[];
  readonly devices: readonly GroupStorage[];
  readonly apps: readonly GroupStorage[];
  readonly forecast: Forecast | undefined;
  readonly use: StorageUse;
}

/** What is used of quotas, the bin included; a member hears of their own, an administrator of everybody's. */
export interface StorageUse {
  /** For administrators. */
  readonly household: LimitedUse | undefined;
  readonly members: readonly (LimitedUse & {
    readonly memberId: MemberId;
    readonly name: string;
    /** What comes back when everything of theirs goes, from the bin too. */
    readonly freesBytes: number;
  })[];
}

/** Sealed bytes. */
export interface LimitedUse {
  readonly usedBytes: number;
  readonly quotaBytes: number | undefined;
  /** 80 or 95 when so much of a quota is used, else 0. */
  readonly level: 0 | 80 | 95;
}

export interface PackStorage extends PackSpace {
  /** Chunks that nothing needs and no open upload holds: the next collections free most of it. */
  readonly collectableBytes: number;
  /** Packs' own indexes and headers. */
  readonly overheadBytes: number;
}

/** What can be asked for in groups. */
export const STORAGE_GROUPS = [
  'member',
  'device',
  'app',
  'version',
  'snapshot',
  'artifact',
] as const;
export type StorageGroup = (typeof STORAGE_GROUPS)[number];

export interface ReportParts {
  readonly space: SpaceCatalog;
  readonly spaces: HouseholdSpaces;
  readonly retention: RetentionCatalog;
  readonly quotas: QuotaCatalog;
  readonly clock: Clock;
  /** Bytes free on the disk that holds the objects; `undefined` where nobody can say. */
  readonly freeBytes: () => Promise<number | undefined>;
}

const HISTORY_DAYS = 366;

/**
 * Says what things cost: exactly, of chunk sets. A member sees what is theirs and the household's; an administrator also the totals of
 * the household, and of each member and device. What anybody keeps is not told by them.
 */
export class ReportStorage {
  readonly #parts: ReportParts;

  constructor(parts: ReportParts) {
    this.#parts = parts;
  }

  async execute(actor: Actor): Promise<StorageReport> {
    const space = await this.#open(actor);
    const { roots: all } = space.inventory;
    const roots = actor.role === 'admin' ? all : all.filter((root) => maySee(actor, root));
    const sums = await sumUp(space, roots);
    const packs = actor.role === 'admin' ? await this.#packs(actor.householdId, sums) : undefined;
    return {
      ...sums,
      packs,
      members: groupStorage(space, seenBy(actor, all, 'member'), 'member'),
      devices: groupStorage(space, seenBy(actor, all, 'device'), 'device'),
      apps: groupStorage(space, seenBy(actor, all, 'app'), 'app'),
      forecast: packs === undefined ? undefined : await this.#forecast(actor.householdId, packs),
      use: await this.#use(actor, space),
    };
  }

  /** Who uses how much of what they may. */
  async use(actor: Actor): Promise<StorageUse> {
    return this.#use(actor, await this.#open(actor));
  }

  async #use(actor: Actor, space: Space): Promise<StorageUse> {
    const quotas = await this.#parts.quotas.quotas(actor.householdId);
    const use = await quotaUse(space, quotas);
    const told = space.inventory.members.filter(
      ({ id }) => actor.role === 'admin' || id === actor.memberId,
    );
    return {
      household:
        actor.role === 'admin'
          ? limited('household', use.householdBytes, quotas.household)
          : undefined,
      members: told.map(({ id, name }) => {
        const { usedBytes = 0, freesBytes = 0 } = use.members.get(id) ?? {};
        return {
          memberId: id,
          name,
          ...limited('member', usedBytes, quotas.members.get(id)),
          freesBytes,
        };
      }),
    };
  }

  /** Every group of one kind. */
  async groups(actor: Actor, by: StorageGroup): Promise<readonly GroupStorage[]> {
    const space = await this.#open(actor);
    const { timeZone } = await this.#parts.retention.household(actor.householdId);
    return groupStorage(space, seenBy(actor, space.inventory.roots, by), by, timeZone);
  }

  /**
   * What deleting all of these together frees, exactly.
   * @throws ArchiveError NOT_FOUND when one is not there, in the bin, or not the actor's to see
   */
  async frees(actor: Actor, ids: readonly RootId[]): Promise<number> {
    const space = await this.#open(actor);
    const visible = space.inventory.roots.filter(({ bin }) => bin === undefined);
    const asked = new Set(ids);
    const selection = visible.filter((root) => asked.has(root.id) && maySee(actor, root));
    if (selection.length !== asked.size)
      throw new ArchiveError('NOT_FOUND', 'One of these is not there, or not yours.');
    return (await space.count(visible)).freedBytes(selection.map(space.setOf));
  }

  /** What there is, and what each of it costs by itself; of what is not the actor's to see, nothing. */
  async costs(actor: Actor): Promise<{
    readonly inventory: Inventory;
    readonly of: (ids: ReadonlySet<RootId>) => Promise<ReadonlyMap<RootId, RootCost>>;
  }> {
    const space = await this.#open(actor);
    const { inventory } = space;
    return { inventory, of: async (ids) => costsOf(actor, space, ids) };
  }

  /** Total sizes by day, oldest first. @throws ArchiveError FORBIDDEN */
  async history(actor: Actor): Promise<readonly StorageDay[]> {
    administratorOnly(actor);
    return this.#parts.space.history(actor.householdId, HISTORY_DAYS);
  }

  /** Writes down today's total. */
  async noteDay(householdId: HouseholdId): Promise<void> {
    const { space, spaces, retention, clock } = this.#parts;
    const opened = await spaces.open(householdId);
    const { timeZone } = await retention.household(householdId);
    const { logicalBytes, neededBytes, binBytes } = await sumUp(opened, opened.inventory.roots);
    const { storedBytes } = await space.packSpace(householdId);
    const day = localDay(clock.now(), timeZone);
    await space.noteDay(householdId, { day, logicalBytes, storedBytes, neededBytes, binBytes });
  }

  /** What the actor's sizes are reckoned with. Told by member, they say nothing of what others' devices hold (docs/adr/0031). */
  async #open(actor: Actor): Promise<Space> {
    const space = await this.#parts.spaces.open(actor.householdId);
    const { dedupByMember } = await this.#parts.quotas.quotas(actor.householdId);
    if (!dedupByMember || actor.role === 'admin') return space;
    const roots = space.inventory.roots.filter((root) => maySee(actor, root));
    return { ...space, inventory: { ...space.inventory, roots } };
  }

  async #packs(householdId: HouseholdId, sums: Sums): Promise<PackStorage> {
    const packs = await this.#parts.space.packSpace(householdId);
    const { payloadBytes, uploadBytes, storedBytes } = packs;
    const held = sums.neededBytes + sums.binBytes + uploadBytes;
    return {
      ...packs,
      collectableBytes: Math.max(0, payloadBytes - held),
      overheadBytes: storedBytes - payloadBytes,
    };
  }

  async #forecast(householdId: HouseholdId, packs: PackSpace): Promise<Forecast | undefined> {
    const { space, retention, freeBytes } = this.#parts;
    const policy = await retention.policy(householdId);
    const free = await freeBytes();
    return forecast({
      history: await space.history(householdId, HISTORY_DAYS),
      limits: {
        budget: policy?.budget,
        disk: free === undefined ? undefined : packs.storedBytes + free,
      },
    });
  }
}

function limited(
  scope: 'household' | 'member',
  usedBytes: number,
  quotaBytes: number | undefined,
): LimitedUse {
  const level = quotaBytes === undefined ? 0 : quotaState(scope, usedBytes, quotaBytes).level;
  return { usedBytes, quotaBytes, level };
}

type Sums = Pick<
  StorageReport,
  'logicalBytes' | 'neededBytes' | 'uniqueBytes' | 'sharedBytes' | 'binBytes'
>;

async function sumUp(space: Space, roots: readonly KeptRoot[]): Promise<Sums> {
  const visible = roots.filter(({ bin }) => bin === undefined);
  const counts = await space.count(visible);
  const neededBytes = counts.bytes;
  const uniqueBytes = visible.reduce((sum, root) => sum + counts.uniqueBytes(space.setOf(root)), 0);
  let binBytes = 0;
  for (const root of roots)
    if (root.bin !== undefined) binBytes += counts.restore(space.setOf(root));
  return {
    logicalBytes: visible.reduce((sum, root) => sum + root.logicalBytes, 0),
    ...{ neededBytes, uniqueBytes, sharedBytes: neededBytes - uniqueBytes, binBytes },
  };
}

async function costsOf(
  actor: Actor,
  space: Space,
  ids: ReadonlySet<RootId>,
): Promise<ReadonlyMap<RootId, RootCost>> {
  const visible = space.inventory.roots.filter(({ bin }) => bin === undefined);
  const asked = visible.filter((root) => ids.has(root.id) && maySee(actor, root));
  if (asked.length === 0) return new Map();
  const counts = await space.count(visible);
  return new Map(
    asked.map((root) => {
      const aloneBytes = space.bytesOf(root);
      const freesBytes = counts.uniqueBytes(space.setOf(root));
      return [root.id, { aloneBytes, sharedBytes: aloneBytes - freesBytes, freesBytes }];
    }),
  );
}

/** Groups of what is not in the bin; what a group shares with others, seen or not, counts as shared. */
function groupStorage(
  space: Space,
  seen: readonly KeptRoot[],
  by: StorageGroup,
  timeZone = 'UTC',
): GroupStorage[] {
  const visible = space.inventory.roots.filter(({ bin }) => bin === undefined);
  const own = new Set(seen.map(({ id }) => id));
  const groups = Map.groupBy(visible, (root) =>
    own.has(root.id) ? (groupOf(root, by) ?? `other ${root.kind}`) : UNSEEN,
  );
  const sizes = new Map(
    groupSizes(
      groups.entries().map(([id, roots]) => ({ id, sets: roots.map(space.setOf) })),
      space.weights,
    ).map((size) => [size.id, size]),
  );
  return [...groups].flatMap(([id, roots]) => {
    const [first] = roots;
    const size = sizes.get(id);
    if (first === undefined || size === undefined || id === UNSEEN) return [];
    if (groupOf(first, by) === undefined) return [];
    return {
      ...{ id, items: roots.length, name: nameOf(space, first, by, timeZone) },
      logicalBytes: roots.reduce((sum, root) => sum + root.logicalBytes, 0),
      ...{ neededBytes: size.bytes, uniqueBytes: size.uniqueBytes },
      sharedBytes: size.bytes - size.uniqueBytes,
    };
  });
}

const UNSEEN = 'unseen';

/** `undefined`: not of this kind, but it shares. */
function groupOf(root: KeptRoot, by: StorageGroup): string | undefined {
  switch (by) {
    case 'member':
      return root.memberId;
    case 'snapshot':
    case 'artifact':
      return root.kind === by ? root.id : undefined;
    case 'device':
      return root.kind === 'snapshot' ? root.deviceId : undefined;
    case 'app':
      return root.kind === 'artifact' ? root.bundleId : undefined;
    case 'version':
      return root.kind === 'artifact' ? root.versionId : undefined;
  }
}

function nameOf(space: Space, root: KeptRoot, by: StorageGroup, timeZone: string): string {
  if (by === 'member')
    return space.inventory.members.find(({ id }) => id === root.memberId)?.name ?? '';
  if (by === 'device' && root.kind === 'snapshot') return root.deviceName;
  if (by === 'app' && root.kind === 'artifact') return root.appName;
  return subjectOf(root, timeZone);
}

/** Totals of members and devices are an administrator's to see; what is in them is not. A member's sum is that member's own. */
function seenBy(actor: Actor, roots: readonly KeptRoot[], by: StorageGroup): readonly KeptRoot[] {
  const totals = by === 'member' || by === 'device';
  if (totals && actor.role === 'admin') return roots;
  return roots.filter((root) =>
    by === 'member' ? root.memberId === actor.memberId : maySee(actor, root),
  );
}
