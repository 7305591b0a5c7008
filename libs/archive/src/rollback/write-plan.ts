import { installFactsOf } from '../apps/package-facts.js';
import type { RollbackDevice, SeenSnapshot } from '../ports/rollback-catalog.js';
import type { ChosenData } from './choose-data.js';
import type { ChosenTarget } from './choose-target.js';
import type { FoundStoreFiles } from './find-store-files.js';
import type { InspectedData } from './inspect-data.js';
import { blockingReasons, warningsOf } from './plan-remarks.js';
import type { PlannedFacts } from './plan-remarks.js';
import { AGAINST_UPDATES, planSteps } from './plan-steps.js';
import type {
  DowngradeSafety,
  InstalledNow,
  LockedData,
  PlannedData,
  PlannedPackage,
  PlannedVersion,
  RollbackPlanContent,
} from './rollback-plan.js';
import { compareNamed, isSame } from './version-order.js';

/** All that was found out for a plan. */
export interface PlanGrounds {
  readonly bundleId: string;
  readonly appName: string;
  readonly device: RollbackDevice;
  /** The device's newest backup. */
  readonly newest: SeenSnapshot | undefined;
  /** The newest one that lists the app. */
  readonly seen: SeenSnapshot | undefined;
  readonly target: ChosenTarget | undefined;
  readonly found: FoundStoreFiles | undefined;
  readonly chosen: ChosenData;
  readonly inspected: InspectedData | undefined;
  readonly downgrade: DowngradeSafety | null;
  readonly now: Date;
}

/** Puts a plan into words. */
export function writePlan(grounds: PlanGrounds): RollbackPlanContent {
  const { bundleId, appName: name, device, chosen, downgrade } = grounds;
  const app = { bundleId, name };
  const installed = installedNow(grounds);
  const target = plannedPackage(grounds);
  const data = plannedData(grounds);
  const lockedData = lockedOf(chosen);
  const installability = grounds.target?.verdict ?? null;
  const facts: PlannedFacts = {
    ...{ installed, target, data, lockedData, installability, now: grounds.now },
    hasBackup: grounds.newest !== undefined,
    compared: comparedTo(grounds),
    ...groupsIn(grounds),
    sinfOfOtherVersion: grounds.found?.sinfOfOtherVersion ?? false,
  };
  const known = {
    ...{ id: device.id, udid: device.udid, name: device.name },
    productType: device.productType ?? null,
    productVersion: grounds.newest?.productVersion ?? device.productVersion ?? null,
  };
  return {
    ...{ app, device: known, installed, target, installability, data, lockedData, downgrade },
    steps: planSteps({
      ...{ app, device: known, installed, target, data },
      installedAlready: facts.compared === 'same',
    }),
    updates: AGAINST_UPDATES,
    blocking: blockingReasons(facts),
    warnings: warningsOf(facts),
  };
}

function groupsIn({
  inspected,
}: PlanGrounds): Pick<PlannedFacts, 'groupsOfNobody' | 'groupsShared'> {
  const { groupsOfNobody = [], groupsShared = [] } = inspected ?? {};
  return { groupsOfNobody, groupsShared };
}

function comparedTo({ newest, seen, target }: PlanGrounds): PlannedFacts['compared'] {
  // What is not there any more has to be installed, whatever it was.
  if (target === undefined || seen?.app === undefined || newest?.id !== seen.id) return 'unknown';
  if (seen.app.offloaded) return 'older';
  const order = compareNamed(target.kept, seen.app);
  if (order === undefined) return 'unknown';
  return order === 0 ? 'same' : order < 0 ? 'older' : 'newer';
}

function installedNow({ newest, seen }: PlanGrounds): InstalledNow | null {
  if (newest === undefined || seen?.app === undefined) return null;
  return {
    ...versionOf(seen.app),
    ...{ snapshotId: newest.id, takenAt: newest.takenAt, encrypted: newest.encrypted },
    onDevice: newest.id === seen.id && !seen.app.offloaded,
  };
}

function plannedPackage({ target, found, bundleId }: PlanGrounds): PlannedPackage | null {
  if (target === undefined || found === undefined) return null;
  const { kept, chosen } = target;
  const { artifactId, fileName, size, sha256, facts } = kept;
  const { sinf, metadata, storeFilesFrom } = found;
  return {
    ...versionOf(kept),
    ...{ artifactId, fileName, size, sha256, chosen, sinf, metadata, storeFilesFrom },
    kitName: kitName(bundleId, kept.version ?? kept.build),
    storeEncrypted: installFactsOf(facts).fairPlayEncrypted ?? null,
  };
}

/** A name that needs no quoting anywhere. */
function kitName(bundleId: string, version: string | undefined): string {
  const name = `${bundleId}-${version ?? 'unknown'}`
    .replace(/[^\w.-]+/g, '_')
    .replace(/^[.-]+/, '');
  return `${name.slice(0, 150)}.ipa`;
}

function plannedData({ chosen, inspected, newest, target }: PlanGrounds): PlannedData | null {
  const { data } = chosen;
  if (data === undefined || inspected === undefined || target === undefined) return null;
  return {
    ...{ snapshotId: data.id, takenAt: data.takenAt, complete: data.complete },
    installed: versionOf(data.app),
    sameVersion: isSame(data.app, target.kept),
    isNewest: data.id === newest?.id,
    ...inspected.amounts,
  };
}

function lockedOf({ locked }: ChosenData): LockedData | null {
  return locked === undefined ? null : { snapshotId: locked.id, takenAt: locked.takenAt };
}

function versionOf(named: {
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
}): PlannedVersion {
  const { version = null, build = null, externalVersionId = null } = named;
  return { version, build, externalVersionId };
}
