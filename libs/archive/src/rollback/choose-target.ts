import { judgeInstall } from '@rootcellar/ios';
import type { InstallTarget, InstallVerdict } from '@rootcellar/ios';
import { compareDotted, newestVersionFirst } from '@rootcellar/retention';
import type { AppVersionId, ArtifactId } from '@rootcellar/model';
import { hasSinf, installFactsOf } from '../apps/package-facts.js';
import type { AppWishes, KeptPackage, NamedVersion } from '../ports/rollback-catalog.js';
import type { PlannedPackage } from './rollback-plan.js';
import { isOlder, isSame } from './version-order.js';

export interface TargetWish extends AppWishes {
  /** What is on the device; undefined: not known. */
  readonly installed: NamedVersion | undefined;
  readonly asked: ArtifactId | undefined;
  readonly device: InstallTarget;
}

export interface ChosenTarget {
  readonly kept: KeptPackage;
  readonly chosen: PlannedPackage['chosen'];
  readonly verdict: InstallVerdict;
}

/**
 * The package to go back to: the one that was asked for; without one, the version that is held on the device, if it runs there; else the newest kept version older than what is installed that nothing says the
 * device cannot run, before the subscription where that is known. When none of the older ones runs, the newest of them, whose verdict says why.
 */
export function chooseTarget(
  packages: readonly KeptPackage[],
  wish: TargetWish,
): ChosenTarget | undefined {
  const judged = packages.map((kept) => ({
    kept,
    verdict: judgeInstall(installFactsOf(kept.facts), wish.device, compareDotted),
  }));
  if (wish.asked !== undefined) {
    const asked = judged.find(({ kept }) => kept.artifactId === wish.asked);
    return asked === undefined ? undefined : { ...asked, chosen: 'asked-for' };
  }
  const { installed } = wish;
  const all = newestFirst(judged);
  const heldOne = heldVersion(all, wish);
  if (heldOne !== undefined) return { ...heldOne, chosen: 'held' };
  const older = all.filter(([{ kept }]) => installed === undefined || isOlder(kept, installed));
  const before = beforeSubscription(older, wish);
  const good = before.map(runnableOf).find((one) => one !== undefined);
  if (good !== undefined) return { ...good, chosen: 'before-subscription' };
  const found = older.map(runnableOf).find((one) => one !== undefined) ?? older[0]?.[0];
  return found === undefined ? undefined : { ...found, chosen: 'newest-older' };
}

interface Judged {
  readonly kept: KeptPackage;
  readonly verdict: InstallVerdict;
}

/** The packages of one version, the best first. */
type Version = readonly [Judged, ...Judged[]];

function newestFirst(judged: readonly Judged[]): Version[] {
  const versions = new Map<AppVersionId, Version>();
  for (const one of judged.toSorted(byWorth)) {
    const its = versions.get(one.kept.versionId);
    versions.set(one.kept.versionId, its === undefined ? [one] : [...its, one]);
  }
  const ordered = newestVersionFirst(
    [...versions].map(([id, [{ kept }]]) => ({ ...kept, id, files: [] })),
  );
  return ordered.flatMap(({ id }) => {
    const its = versions.get(id as AppVersionId);
    return its === undefined ? [] : [its];
  });
}

/** With the buyer's rights in it before one without, then the one that was added last. */
function byWorth(a: Judged, b: Judged): number {
  return (
    Number(hasSinf(b.kept.facts)) - Number(hasSinf(a.kept.facts)) ||
    b.kept.addedAt.getTime() - a.kept.addedAt.getTime()
  );
}

/** Nothing while it is on the device: who wants to leave it goes further back. */
function heldVersion(all: readonly Version[], { held, installed }: TargetWish): Judged | undefined {
  if (held === undefined) return undefined;
  if (installed !== undefined && isSame(held, installed)) return undefined;
  const version = all.find(([{ kept }]) => isSame(kept, held));
  return version && runnableOf(version);
}

/** Nothing unless the device runs one that wants the subscription. */
function beforeSubscription(
  older: readonly Version[],
  { installed, subscriptionFrom }: TargetWish,
): readonly Version[] {
  if (subscriptionFrom === undefined) return [];
  const first = subscriptionOf(subscriptionFrom);
  if (installed !== undefined && isOlder(installed, first)) return [];
  return older.filter(([{ kept }]) => isOlder(kept, first));
}

/** A store number has digits only, and more of them than any version has before its first dot. */
function subscriptionOf(from: string): NamedVersion {
  const isNumber = /^\d{6,}$/.test(from);
  return {
    version: isNumber ? undefined : from,
    build: undefined,
    externalVersionId: isNumber ? from : undefined,
  };
}

function runnableOf(version: Version): Judged | undefined {
  return version.find(({ verdict }) => verdict.installs !== 'no');
}
