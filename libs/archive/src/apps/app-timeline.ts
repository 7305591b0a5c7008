import { ArchiveError } from '@rootcellar/model';
import type { ArtifactId, Clock, DeviceId, MemberId, RootId, SnapshotId } from '@rootcellar/model';
import type {
  AppCatalog,
  KeptVersion,
  PackageDetails,
  SeenVersion,
  StoreOrder,
} from '../ports/app-catalog.js';
import type { Actor } from '../ports/people-catalog.js';
import type { RetentionCatalog } from '../ports/retention-catalog.js';
import type { ReportStorage, RootCost } from '../space/report-storage.js';
import type { ContentsChanges } from './contents-changes.js';
import type { Gap } from './judge-gap.js';
import { keptBecause } from './kept-because.js';
import type { KeptBecause } from './kept-because.js';
import { mergeVersions } from './merge-versions.js';
import { linkedBundleIds, orderTimeline, placeBySubscription } from './order-timeline.js';
import type { DatedVersion, SubscriptionPlace } from './order-timeline.js';
import { requireIosApp } from './require-ios-app.js';
import { timelineEntry } from './timeline-entry.js';
import type { KnownForEntries } from './timeline-entry.js';
import { versionId } from './version-identity.js';

/** A kept package of a version. */
export interface TimelinePackage extends Pick<
  PackageDetails,
  'fileName' | 'size' | 'addedAt' | 'pinned' | 'private' | 'lent'
> {
  readonly artifactId: ArtifactId;
  /** The member whose devices carry apps of the same Apple ID; undefined where nothing the reader may read tells. */
  readonly buyer: { readonly memberId: MemberId; readonly name: string } | undefined;
  /** Undefined for what somebody shared. */
  readonly cost: RootCost | undefined;
  readonly reasons: readonly KeptBecause[];
  /** Sentences about what in the package contradicts itself or cannot be read. */
  readonly problems: readonly string[];
}

/** A device on which a version was seen. */
export interface SeenOn {
  readonly deviceId: DeviceId;
  readonly deviceName: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly installedNow: boolean;
}

/** A snapshot that was taken while a version was installed, or offloaded. */
export interface SnapshotWithData {
  readonly snapshotId: SnapshotId;
  readonly deviceId: DeviceId;
  readonly takenAt: Date;
  readonly encrypted: boolean;
  readonly complete: boolean;
  readonly offloaded: boolean;
}

/** A version of an app: what is kept of it, and where and when it was seen. */
export interface TimelineEntry {
  /** Of the version, kept or not. */
  readonly id: string;
  readonly bundleId: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
  /** Other versions shown for the same one. */
  readonly alsoShown: readonly string[];
  readonly releasedAt: Date | undefined;
  readonly packages: readonly TimelinePackage[];
  readonly minimumOs: string | undefined;
  readonly deviceFamilies: readonly number[];
  readonly architectures: readonly string[];
  readonly seen: readonly SeenOn[];
  /** The newest ten. */
  readonly data: readonly SnapshotWithData[];
  /** How many there are. */
  readonly dataSnapshots: number;
  /** Against the newest older version whose package was described. */
  readonly changes: ({ readonly since: string } & ContentsChanges) | undefined;
  readonly subscription: SubscriptionPlace | undefined;
  readonly gap: Gap | undefined;
}

export interface TimelinePage {
  /** The app's, and those linked with it, oldest first. */
  readonly bundleIds: readonly string[];
  readonly name: string;
  /** Of all pages. */
  readonly versions: number;
  /** Newest first. */
  readonly items: readonly TimelineEntry[];
  readonly nextCursor: string | null;
}

export interface TimelineParts {
  readonly apps: AppCatalog;
  readonly storage: Pick<ReportStorage, 'costs'>;
  readonly retention: Pick<RetentionCatalog, 'policy'>;
  readonly clock: Clock;
}

/** Each may bring a summary of what is inside of several packages. */
const VERSIONS_A_PAGE = 200;

type Costing = ReturnType<TimelineParts['storage']['costs']>;

/** What a member may read of an app and of those it is linked with. */
interface FoundVersions {
  readonly bundleIds: readonly string[];
  readonly packages: readonly KeptVersion[];
  readonly seen: readonly SeenVersion[];
}

/** All versions of an app that packages or backups tell of. */
export class AppTimeline {
  readonly #parts: TimelineParts;

  constructor(parts: TimelineParts) {
    this.#parts = parts;
  }

  /**
   * @param page.cursor the id of the last version seen
   * @throws ArchiveError NOT_FOUND (nothing of it is there, or nothing the actor may read), INPUT_INVALID (cursor)
   */
  async execute(
    actor: Actor,
    bundleId: string,
    page: { readonly cursor: string | undefined; readonly limit: number },
  ): Promise<TimelinePage> {
    requireIosApp(bundleId);
    const found = await this.#find(actor, bundleId);
    // Read while the versions are put in order.
    const costing = found.packages.length === 0 ? undefined : this.#parts.storage.costs(actor);
    costing?.catch(() => undefined);
    const { bundleIds } = found;
    const { ordered, storeLists } = await this.#order(actor, found);
    const newestFirst = ordered.toReversed();
    const from = startOf(newestFirst, page.cursor);
    const shown = newestFirst.slice(from, from + Math.min(page.limit, VERSIONS_A_PAGE));
    const more = from + shown.length < newestFirst.length;
    const last = shown.at(-1);
    return {
      bundleIds,
      name: nameOf(newestFirst) ?? bundleId,
      versions: ordered.length,
      items: await this.#entries(actor, {
        ...{ bundleIds, newestFirst, shown, storeLists, costing },
      }),
      nextCursor: more && last !== undefined ? versionId(last) : null,
    };
  }

  async #find(actor: Actor, bundleId: string): Promise<FoundVersions> {
    const { apps } = this.#parts;
    const links = await apps.links(actor.householdId);
    const linked = linkedBundleIds(bundleId, links);
    const [packages, seen] = await Promise.all([
      apps.keptVersions(actor, linked),
      apps.seenVersions(actor, linked),
    ]);
    const readable = new Set([...packages, ...seen].map((it) => it.bundleId));
    if (!readable.has(bundleId)) {
      throw new ArchiveError(
        'NOT_FOUND',
        'No version of this app is kept, or was seen on a device of yours.',
        {
          hint: '`rootcellar app list` shows the apps of which packages are kept.',
        },
      );
    }
    // A link from or to what the actor may not know of is none to them.
    const known = links.filter((link) => readable.has(link.bundleId) && readable.has(link.to));
    return { bundleIds: linkedBundleIds(bundleId, known), packages, seen };
  }

  async #order(
    { householdId }: Actor,
    { bundleIds, packages, seen }: FoundVersions,
  ): Promise<{
    readonly ordered: readonly DatedVersion[];
    readonly storeLists: readonly StoreOrder[];
  }> {
    const lists = new Set([...packages, ...seen].flatMap(({ storeListId }) => storeListId ?? []));
    const storeLists = await this.#parts.apps.bestStoreLists(householdId, [...lists]);
    // Without those of apps that only hidden links connect.
    const ordered = orderTimeline(mergeVersions(packages, seen), { bundleIds, storeLists });
    return { ordered, storeLists };
  }

  async #entries(
    actor: Actor,
    of: {
      readonly bundleIds: readonly string[];
      readonly newestFirst: readonly DatedVersion[];
      readonly shown: readonly DatedVersion[];
      readonly storeLists: readonly StoreOrder[];
      readonly costing: Costing | undefined;
    },
  ): Promise<TimelineEntry[]> {
    const { apps } = this.#parts;
    const { bundleIds, newestFirst, shown } = of;
    const before = predecessors(newestFirst);
    const compared = shown.flatMap((it) => before.get(it.key)?.packages ?? []);
    const own = shown.flatMap(({ packages }) => packages.map(({ id }) => id));
    const [{ costs, reasons }, { details, owners }, subscriptions, devices] = await Promise.all([
      this.#keeping(actor, of, own),
      this.#details(actor, { own, compared: compared.map(({ id }) => id) }),
      apps.subscriptions(actor, bundleIds),
      apps.currentDevices(actor),
    ]);
    const known: KnownForEntries = {
      ...{ actor, details, costs, owners, reasons, before, newestFirst },
      storeNewest: new Map(of.storeLists.map(({ bundleId, ids }) => [bundleId, ids.at(-1)])),
      subscription: placeBySubscription(newestFirst.toReversed(), subscriptions),
      now: new Set<SnapshotId>(devices.map(({ snapshotId }) => snapshotId)),
    };
    return shown.map((version) => timelineEntry(version, known));
  }

  /** What packages cost, and why they stay. */
  async #keeping(
    actor: Actor,
    of: { readonly bundleIds: readonly string[]; readonly costing: Costing | undefined },
    ids: readonly ArtifactId[],
  ): Promise<Pick<KnownForEntries, 'costs' | 'reasons'>> {
    const { retention, clock } = this.#parts;
    const [costing, policy] = await Promise.all([of.costing, retention.policy(actor.householdId)]);
    if (costing === undefined || ids.length === 0) return { costs: new Map(), reasons: new Map() };
    const asked = { bundleIds: of.bundleIds, policy, now: clock.now() };
    return {
      costs: await costing.of(new Set<RootId>(ids)),
      reasons: keptBecause(actor, costing.inventory, asked),
    };
  }

  /** What packages say of themselves, and who bought them. */
  async #details(
    actor: Actor,
    { own, compared }: Readonly<Record<'own' | 'compared', readonly ArtifactId[]>>,
  ): Promise<Pick<KnownForEntries, 'details' | 'owners'>> {
    const { apps } = this.#parts;
    const details = await apps.packageDetails(actor, [...new Set([...own, ...compared])]);
    const buyers = new Set(own.flatMap((id) => details.get(id)?.buyer ?? []));
    return { details, owners: await apps.membersWhoBuyAs(actor, [...buyers]) };
  }
}

/** Of each version the newest older one whose package was described. */
function predecessors(newestFirst: readonly DatedVersion[]): ReadonlyMap<string, DatedVersion> {
  const before = new Map<string, DatedVersion>();
  let last: DatedVersion | undefined;
  for (const version of newestFirst.toReversed()) {
    if (last !== undefined) before.set(version.key, last);
    if (version.packages.some(({ described }) => described)) last = version;
  }
  return before;
}

function startOf(newestFirst: readonly DatedVersion[], cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const at = newestFirst.findIndex((version) => versionId(version) === cursor);
  if (at >= 0) return at + 1;
  throw new ArchiveError('INPUT_INVALID', 'The cursor is of no version of this app any more.', {
    hint: 'Ask again without it, from the start.',
  });
}

function nameOf(newestFirst: readonly DatedVersion[]): string | undefined {
  const names = newestFirst.values().flatMap(({ packages, seen }) => [...packages, ...seen]);
  return names.map(({ name }) => name).find((name) => name !== undefined);
}
