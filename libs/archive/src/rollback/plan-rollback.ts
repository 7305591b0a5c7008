import { ArchiveError, newId } from '@rootcellar/model';
import type { ArtifactId, Clock, DeviceId, RollbackPlanId } from '@rootcellar/model';
import type { JudgeInstall } from '../apps/judge-install.js';
import { doerOf } from '../people/origin-of.js';
import type { AuditLine } from '../ports/audit-trail.js';
import { requireIosApp } from '../apps/require-ios-app.js';
import type { Actor } from '../ports/people-catalog.js';
import type {
  KeptPackage,
  NewRollbackPlan,
  RestsOn,
  RollbackCatalog,
  RollbackDevice,
  SeenSnapshot,
} from '../ports/rollback-catalog.js';
import { chooseData } from './choose-data.js';
import type { ChosenData } from './choose-data.js';
import { chooseTarget } from './choose-target.js';
import type { ChosenTarget, TargetWish } from './choose-target.js';
import { findStoreFiles } from './find-store-files.js';
import { inspectData, unknownSafety } from './inspect-data.js';
import type { InspectParts, InspectedData } from './inspect-data.js';
import { writePlan } from './write-plan.js';
import type { ReadStoreFiles } from './read-store-files.js';
import type { RollbackPlan, RollbackPlanContent } from './rollback-plan.js';
import type { RollbackPlans } from './rollback-plans.js';
import { nameOfVersion } from './version-order.js';

export interface PlanRollbackParts extends InspectParts {
  readonly rollbacks: RollbackCatalog;
  readonly plans: RollbackPlans;
  readonly storeFiles: ReadStoreFiles;
  readonly judgeInstall: Pick<JudgeInstall, 'execute'>;
  readonly clock: Clock;
}

export interface RollbackWish {
  readonly bundleId: string;
  readonly deviceId: DeviceId;
  readonly artifactId?: ArtifactId | undefined;
}

const EXPIRES_AFTER_MS = 7 * 86_400_000;

/**
 * Plans how an app goes back to a version that is kept, on one device, with the data of that time: what to install, what data fits, what can go wrong,
 * in which order. Nothing but the plan comes about.
 */
export class PlanRollback {
  readonly #parts: PlanRollbackParts;

  constructor(parts: PlanRollbackParts) {
    this.#parts = parts;
  }

  /** @throws ArchiveError NOT_FOUND (no such device, app or package that the member may see), INPUT_INVALID (a package of another app), PACKAGE_NOT_FOR_IOS */
  async execute(actor: Actor, wish: RollbackWish): Promise<RollbackPlan> {
    const { rollbacks, plans } = this.#parts;
    requireIosApp(wish.bundleId);
    const device = await rollbacks.findDevice(actor, wish.deviceId);
    if (device === undefined)
      throw new ArchiveError('NOT_FOUND', 'There is no such device, or it is not yours.', {
        hint: '`rootcellar device list` shows yours.',
      });
    const { plan, data } = await this.#plan(actor, device, wish);
    await rollbacks.save(plan, linesFor(actor, plan, data));
    return plans.find(actor, plan.id);
  }

  async #plan(
    actor: Actor,
    device: RollbackDevice,
    wish: RollbackWish,
  ): Promise<{ readonly plan: NewRollbackPlan; readonly data: SeenSnapshot | undefined }> {
    const { rollbacks, clock, storeFiles } = this.#parts;
    const { bundleId } = wish;
    const snapshots = await rollbacks.snapshots(actor, device.id, bundleId);
    const packages = await rollbacks.packages(actor, bundleId);
    requireKnown(packages, snapshots, wish.artifactId);
    const wishes = await rollbacks.wishes(actor.householdId, { bundleId, deviceId: device.id });
    const { newest, seen } = newestOf(snapshots);
    const target = await this.#chooseTarget(actor, device, packages, {
      ...{ installed: seen?.app, ...wishes, asked: wish.artifactId },
      device: { ...device, productVersion: newest?.productVersion ?? device.productVersion },
    });
    const chosen = target === undefined ? NO_DATA : chooseData(snapshots, target.kept);
    const inspected = await this.#inspect(actor, { bundleId, snapshots, target, chosen });
    const found =
      target === undefined
        ? undefined
        : await findStoreFiles(storeFiles, actor, target.kept, snapshots);
    const content = writePlan({
      ...{ bundleId, device, newest, seen, target, found, inspected, now: clock.now() },
      appName: appNameIn(packages, seen) ?? bundleId,
      // Data that cannot be looked into cannot be put back either.
      chosen: inspected === undefined ? { ...chosen, data: undefined } : chosen,
      downgrade: downgradeOf(target, inspected),
    });
    const plan = {
      id: newId<RollbackPlanId>(clock),
      ...{ householdId: actor.householdId, memberId: actor.memberId, content },
      restsOn: groundOf(content, newest),
      expiresAt: new Date(clock.now().getTime() + EXPIRES_AFTER_MS),
    };
    return { plan, data: chosen.data };
  }

  /** Whether it installs is said as everywhere: with what is known of who bought it, too. */
  async #chooseTarget(
    actor: Actor,
    device: RollbackDevice,
    packages: readonly KeptPackage[],
    wish: TargetWish,
  ): Promise<ChosenTarget | undefined> {
    const target = chooseTarget(packages, wish);
    if (target === undefined) return undefined;
    const { items } = await this.#parts.judgeInstall.execute(actor, target.kept.artifactId, {
      deviceId: device.id,
      limit: 1,
    });
    const [judged] = items;
    if (judged === undefined) return target;
    const { installs, checks, facts, risks } = judged;
    return { ...target, verdict: { installs, checks, facts, risks } };
  }

  async #inspect(
    actor: Actor,
    of: {
      readonly bundleId: string;
      readonly snapshots: readonly SeenSnapshot[];
      readonly target: ChosenTarget | undefined;
      readonly chosen: ChosenData;
    },
  ): Promise<InspectedData | undefined> {
    const { data } = of.chosen;
    if (of.target === undefined || data === undefined) return undefined;
    return inspectData(this.#parts, actor, {
      ...{ bundleId: of.bundleId, groups: [], data },
      newest: of.snapshots.find(({ encrypted, app }) => !encrypted && app !== undefined),
      target: nameOfVersion(of.target.kept),
    });
  }
}

const NO_DATA: ChosenData = { data: undefined, locked: undefined };

/** The newest backup, and the newest that lists the app; of whole ones, as one app's share does not tell what else is there. */
function newestOf(
  snapshots: readonly SeenSnapshot[],
): Readonly<Record<'newest' | 'seen', SeenSnapshot | undefined>> {
  const whole = snapshots.filter(({ partly }) => !partly);
  return { newest: whole[0], seen: whole.find(({ app }) => app !== undefined) };
}

function appNameIn(
  [first]: readonly KeptPackage[],
  seen: SeenSnapshot | undefined,
): string | undefined {
  return first?.appName ?? seen?.app?.name;
}

function groundOf(
  { data, target }: RollbackPlanContent,
  newest: SeenSnapshot | undefined,
): RestsOn {
  return {
    newestSnapshotId: newest?.id ?? null,
    dataSnapshotId: data?.snapshotId ?? null,
    artifactId: target?.artifactId ?? null,
    installed: newest?.app ?? null,
  };
}

function downgradeOf(
  target: ChosenTarget | undefined,
  inspected: InspectedData | undefined,
): InspectedData['downgrade'] | null {
  if (target === undefined) return null;
  return inspected?.downgrade ?? unknownSafety(nameOfVersion(target.kept));
}

/** An app that neither the library nor a backup of the device knows is not there, as far as its reader goes. */
function requireKnown(
  packages: readonly KeptPackage[],
  snapshots: readonly SeenSnapshot[],
  asked: ArtifactId | undefined,
): void {
  if (asked !== undefined && !packages.some(({ artifactId }) => artifactId === asked))
    throw new ArchiveError('NOT_FOUND', 'There is no such package of this app.', {
      hint: '`rootcellar app versions <bundle-id>` shows the packages.',
    });
  if (packages.length > 0 || snapshots.some(({ app }) => app !== undefined)) return;
  throw new ArchiveError(
    'NOT_FOUND',
    'Neither the library nor a backup of this device knows such an app.',
    { hint: '`rootcellar app list` shows the bundle ids.' },
  );
}

/** Which app somebody has is told to nobody else; but whose data was looked into by a share hears of it. */
function linesFor(
  actor: Actor,
  { content: { app, device } }: NewRollbackPlan,
  data: SeenSnapshot | undefined,
): AuditLine[] {
  const line = { action: 'rollback-planned', ...doerOf(actor), private: true } as const;
  return [
    {
      ...{ ...line, kind: 'device', id: device.id, subject: `${device.name}: ${app.bundleId}` },
      concernsId: actor.memberId,
    },
    ...(data?.lent === true
      ? [
          {
            ...{ ...line, kind: 'snapshot' as const, id: data.id, part: app.bundleId },
            concernsId: data.ownerId,
          },
        ]
      : []),
  ];
}
