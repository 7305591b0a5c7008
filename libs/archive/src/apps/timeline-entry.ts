import { isSameVersion } from '@rootcellar/retention';
import type { ArtifactId, MemberId, RootId, SnapshotId } from '@rootcellar/model';
import type { KeptVersion, PackageDetails, SeenVersion } from '../ports/app-catalog.js';
import type { Actor } from '../ports/people-catalog.js';
import type { RootCost } from '../space/report-storage.js';
import type { SeenOn, TimelineEntry, TimelinePackage } from './app-timeline.js';
import { contentsChanges } from './contents-changes.js';
import { isNewer, judgeGap } from './judge-gap.js';
import type { Gap } from './judge-gap.js';
import type { KeptBecause } from './kept-because.js';
import type { DatedVersion, SubscriptionPlace } from './order-timeline.js';
import { problemsOf } from './package-facts.js';
import { versionId } from './version-identity.js';

/** What entries are told from. */
export interface KnownForEntries {
  readonly actor: Actor;
  readonly details: ReadonlyMap<ArtifactId, PackageDetails>;
  readonly costs: ReadonlyMap<RootId, RootCost>;
  readonly owners: readonly {
    readonly buyer: string;
    readonly memberId: MemberId;
    readonly name: string;
  }[];
  readonly reasons: ReadonlyMap<ArtifactId, readonly KeptBecause[]>;
  /** By key: the version its changes are told against. */
  readonly before: ReadonlyMap<string, DatedVersion>;
  readonly newestFirst: readonly DatedVersion[];
  readonly subscription: ReadonlyMap<string, SubscriptionPlace>;
  /** By bundle id: the newest number of the store. */
  readonly storeNewest: ReadonlyMap<string, string | undefined>;
  /** The newest snapshots of the devices in use. */
  readonly now: ReadonlySet<SnapshotId>;
}

const DATA_SHOWN = 10;

export function timelineEntry(version: DatedVersion, known: KnownForEntries): TimelineEntry {
  const { key, bundleId, build, externalVersionId, alsoShown, releasedAt } = version;
  const packages = version.packages.flatMap((kept) => packageOf(kept, known) ?? []);
  const details = version.packages.flatMap((kept) => known.details.get(kept.id) ?? []);
  const data = version.seen.map(
    ({ snapshotId, deviceId, takenAt, encrypted, complete, offloaded }) => ({
      ...{ snapshotId, deviceId, takenAt, encrypted, complete, offloaded },
    }),
  );
  return {
    ...{
      id: versionId(version),
      bundleId,
      name: nameOf(version),
      version: version.version,
      build,
      externalVersionId,
    },
    ...{ alsoShown, releasedAt, packages },
    minimumOs: details.find(({ minimumOs }) => minimumOs !== undefined)?.minimumOs,
    deviceFamilies: details[0]?.deviceFamilies ?? [],
    architectures: details[0]?.architectures ?? [],
    seen: seenOn(version.seen, known.now),
    data: data.slice(0, DATA_SHOWN),
    dataSnapshots: data.length,
    changes: changesOf(version, known),
    subscription: known.subscription.get(key),
    gap: gapOf(version, known),
  };
}

function nameOf({ packages, seen }: DatedVersion): string | undefined {
  return [...packages, ...seen].map(({ name }) => name).find((name) => name !== undefined);
}

function packageOf(kept: KeptVersion, known: KnownForEntries): TimelinePackage | undefined {
  const found = known.details.get(kept.id);
  // It went to the bin meanwhile.
  if (found === undefined) return undefined;
  const { id, fileName, size, addedAt, pinned, lent } = found;
  return {
    ...{ artifactId: id, fileName, size, addedAt, pinned, private: found.private, lent },
    buyer: found.buyer === undefined ? undefined : buyerOf(found.buyer, known),
    cost: known.costs.get(id),
    reasons: lent ? [] : (known.reasons.get(id) ?? []),
    problems: problemsOf(found.facts).map(({ message }) => message),
  };
}

/** Of a family that buys with one Apple ID whoever asks; else nobody in particular. */
function buyerOf(buyer: string, { owners, actor }: KnownForEntries): TimelinePackage['buyer'] {
  const found = owners.filter((owner) => owner.buyer === buyer);
  const one = found.length === 1 ? found[0] : found.find((it) => it.memberId === actor.memberId);
  return one && { memberId: one.memberId, name: one.name };
}

function seenOn(seen: readonly SeenVersion[], now: ReadonlySet<SnapshotId>): SeenOn[] {
  const installed = seen.filter(({ offloaded }) => !offloaded);
  return [...Map.groupBy(installed, ({ deviceId }) => deviceId).values()].flatMap((its) => {
    // Newest first.
    const [last] = its;
    if (last === undefined) return [];
    const { deviceId, deviceName, takenAt: lastAt } = last;
    const installedNow = its.some(({ snapshotId }) => now.has(snapshotId));
    return { deviceId, deviceName, firstAt: its.at(-1)?.takenAt ?? lastAt, lastAt, installedNow };
  });
}

function changesOf(version: DatedVersion, known: KnownForEntries): TimelineEntry['changes'] {
  const before = known.before.get(version.key);
  const [old, now] = [before, version].map((it) =>
    it?.packages
      .map(({ id }) => known.details.get(id)?.contents)
      .find((contents) => contents !== undefined),
  );
  if (before === undefined || old === undefined || now === undefined) return undefined;
  return { since: before.version ?? before.build ?? before.identity, ...contentsChanges(old, now) };
}

function gapOf(version: DatedVersion, known: KnownForEntries): Gap | undefined {
  const { newestFirst, storeNewest, now } = known;
  if (version.packages.length > 0 || version.seen.length === 0) return undefined;
  const same = newestFirst.filter(({ bundleId }) => bundleId === version.bundleId);
  if (same.some(({ packages }) => packages.some((kept) => isSameVersion(kept, version))))
    return undefined;
  const ofStore = {
    ...{ version: undefined, build: undefined },
    externalVersionId: storeNewest.get(version.bundleId),
  };
  const newer = [ofStore, ...same].find((it) => isNewer(it, version));
  return judgeGap({
    ...version,
    installedOn: seenOn(version.seen, now)
      .filter(({ installedNow }) => installedNow)
      .map(({ deviceName }) => deviceName),
    wholeSnapshots: version.seen.filter(({ complete }) => complete).length,
    fromStore: version.seen.find((it) => it.fromStore !== undefined)?.fromStore,
    newest: newer,
  });
}
