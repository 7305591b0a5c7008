import { ArchiveError } from '@rootcellar/model';
import type { DeviceId, SnapshotId } from '@rootcellar/model';
import { isSameVersion } from '@rootcellar/retention';
import type { AppCatalog, KeptVersion, SeenOften } from '../ports/app-catalog.js';
import type { Actor } from '../ports/people-catalog.js';
import { isNewer, judgeGap } from './judge-gap.js';
import type { GapKind } from './judge-gap.js';
import { mergeVersions } from './merge-versions.js';
import type { MergedVersion } from './merge-versions.js';
import { versionId } from './version-identity.js';

/** A version of an app that was seen and of which no package is kept. */
export interface FoundGap {
  /** Of the version; as in a timeline. */
  readonly id: string;
  readonly kind: GapKind;
  readonly bundleId: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
  /** The App Store's number of the app. */
  readonly itemId: string | undefined;
  readonly fromStore: boolean | undefined;
  readonly devices: readonly {
    readonly deviceId: DeviceId;
    readonly deviceName: string;
    readonly lastAt: Date;
    readonly installedNow: boolean;
  }[];
  /** Snapshots that hold its data, and the newest of them. */
  readonly snapshots: number;
  readonly newestSnapshotId: SnapshotId;
  readonly next: string;
}

export interface GapPage {
  readonly items: readonly FoundGap[];
  readonly nextCursor: string | null;
  /** Of all pages. */
  readonly total: number;
}

/** The most pressing first. */
const KINDS: readonly GapKind[] = ['about-to-be-lost', 'seen', 'data'];

/** Says of which versions a member's devices tell that no package is kept. */
export class GapRadar {
  readonly #apps: AppCatalog;

  constructor(apps: AppCatalog) {
    this.#apps = apps;
  }

  /**
   * Of everything the member may read, or of one device, with those it continues.
   * @throws ArchiveError NOT_FOUND (device), INPUT_INVALID (cursor)
   */
  async execute(
    actor: Actor,
    asked: {
      readonly deviceId: DeviceId | undefined;
      readonly cursor: string | undefined;
      readonly limit: number;
    },
  ): Promise<GapPage> {
    const { deviceId, cursor, limit } = asked;
    if (deviceId !== undefined && !(await this.#apps.seesDevice(actor, deviceId)))
      throw new ArchiveError('NOT_FOUND', 'There is no such device, or it is not yours.');
    const all = await this.#find(actor, deviceId);
    const from = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
    if (cursor !== undefined && from === 0) {
      throw new ArchiveError('INPUT_INVALID', 'The cursor is of no gap any more.', {
        hint: 'Ask again without it, from the start.',
      });
    }
    const items = all.slice(from, from + limit);
    const more = from + items.length < all.length;
    return { items, nextCursor: more ? (items.at(-1)?.id ?? null) : null, total: all.length };
  }

  async #find(actor: Actor, deviceId: DeviceId | undefined): Promise<FoundGap[]> {
    const [seen, devices] = await Promise.all([
      this.#apps.seenOften(actor, deviceId),
      this.#apps.currentDevices(actor),
    ]);
    const current = devices.map(({ snapshotId }) => snapshotId);
    const now = new Set<SnapshotId>(current);
    const [kept, ofStore] = await Promise.all([
      this.#apps.keptVersions(actor, [...new Set(seen.map(({ bundleId }) => bundleId))]),
      this.#apps.newestOfStore(actor, current),
    ]);
    const apps = Map.groupBy(mergeVersions(kept, seen), ({ bundleId }) => bundleId);
    return [...apps]
      .flatMap(([bundleId, versions]) =>
        gapsOf(versions, { now, newestOfStore: ofStore.get(bundleId) }),
      )
      .sort(byUrgency);
  }
}

interface Known {
  readonly now: ReadonlySet<SnapshotId>;
  readonly newestOfStore: string | undefined;
}

function gapsOf(versions: readonly MergedVersion<SeenOften>[], known: Known): FoundGap[] {
  const kept = versions.flatMap(({ packages }) => packages);
  const ofStore = {
    ...{ version: undefined, build: undefined },
    externalVersionId: known.newestOfStore,
  };
  return versions.flatMap((version) => {
    if (isKept(version, kept)) return [];
    const newest = [ofStore, ...versions].find((it) => isNewer(it, version));
    return gapOf(version, newest, known.now) ?? [];
  });
}

function isKept(version: MergedVersion<SeenOften>, kept: readonly KeptVersion[]): boolean {
  return version.packages.length > 0 || kept.some((it) => isSameVersion(it, version));
}

function gapOf(
  version: MergedVersion<SeenOften>,
  newest: Parameters<typeof judgeGap>[0]['newest'],
  now: ReadonlySet<SnapshotId>,
): FoundGap | undefined {
  const seen = version.seen.toSorted((a, b) => b.lastAt.getTime() - a.lastAt.getTime());
  const [last] = seen;
  if (last === undefined) return undefined;
  const devices = seen.map(({ deviceId, deviceName, lastAt, lastSnapshotId, installed }) => ({
    ...{ deviceId, deviceName, lastAt },
    installedNow: installed > 0 && now.has(lastSnapshotId),
  }));
  const fromStore = seen.find((it) => it.fromStore !== undefined)?.fromStore;
  const { bundleId, build, externalVersionId } = version;
  const gap = judgeGap({
    ...{ version: version.version, build, externalVersionId, fromStore, newest },
    installedOn: devices.filter((it) => it.installedNow).map(({ deviceName }) => deviceName),
    wholeSnapshots: seen.reduce((sum, { complete }) => sum + complete, 0),
  });
  return {
    ...{
      id: versionId(version),
      bundleId,
      version: version.version,
      build,
      externalVersionId,
      fromStore,
      devices,
    },
    name: seen.find(({ name }) => name !== undefined)?.name,
    itemId: seen.find(({ itemId }) => itemId !== undefined)?.itemId,
    snapshots: seen.reduce((sum, { installed, offloaded }) => sum + installed + offloaded, 0),
    newestSnapshotId: last.lastSnapshotId,
    ...gap,
  };
}

function byUrgency(a: FoundGap, b: FoundGap): number {
  return (
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    compare(a.name ?? a.bundleId, b.name ?? b.bundleId) ||
    compare(a.bundleId, b.bundleId) ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
