import { ArchiveError } from '@rootcellar/model';
import type { Actor } from '../../ports/people-catalog.js';
import type { NamedVersion } from '../../ports/rollback-catalog.js';
import type { RunCatalog } from '../../ports/run-catalog.js';
import type { RollbackPlan } from '../rollback-plan.js';
import { isSame } from '../version-order.js';
import { targetOf } from './planned-target.js';
import type { StepReport } from './step-report.js';

/**
 * Why a step that is said to be done is not; undefined when nothing speaks against it. Tools say "done" of what they did not do, so the
 * snapshot is looked for and the device's own list of apps decides.
 */
export async function disproof(
  runs: RunCatalog,
  actor: Actor,
  plan: RollbackPlan,
  { step, snapshotId, seen }: StepReport,
): Promise<ArchiveError | undefined> {
  if (step === 'fresh-backup') return ofBackup(runs, actor, plan, snapshotId);
  if (step !== 'install-package' && step !== 'verify') return undefined;
  const target = targetOf(plan);
  return seen !== undefined && isSame(target, seen) ? undefined : notInstalled(target, seen);
}

async function ofBackup(
  runs: RunCatalog,
  actor: Actor,
  plan: RollbackPlan,
  snapshotId: StepReport['snapshotId'],
): Promise<ArchiveError | undefined> {
  const { device, app, createdAt: since } = plan;
  const found =
    snapshotId === undefined
      ? undefined
      : await runs.installedIn(actor, snapshotId, {
          ...{ deviceId: device.id, bundleId: app.bundleId, since },
        });
  if (found === undefined) {
    return new ArchiveError(
      'INPUT_INVALID',
      'There is no snapshot of this device that was made since the plan. Nothing goes on without a fresh backup.',
    );
  }
  // Updated since the plan was made: what the plan says of the data does not hold.
  const same =
    found.app === undefined || plan.installed === null || isWhatWasThere(plan.installed, found.app);
  return same ? undefined : changedMeanwhile(app.bundleId);
}

function isWhatWasThere(then: NonNullable<RollbackPlan['installed']>, now: NamedVersion): boolean {
  const { version, build, externalVersionId } = then;
  return isSame(
    {
      version: version ?? undefined,
      build: build ?? undefined,
      externalVersionId: externalVersionId ?? undefined,
    },
    now,
  );
}

function changedMeanwhile(bundleId: string): ArchiveError {
  return new ArchiveError(
    'PLAN_EXPIRED',
    'The fresh backup shows another version of the app than the plan was made for. The backup is kept; nothing on the device was changed.',
    {
      details: { expired: ['other-version-installed'] },
      hint: `Make the plan again: \`rootcellar rollback plan ${bundleId} --device <device>\`.`,
    },
  );
}

function notInstalled(target: NamedVersion, seen: NamedVersion | undefined): ArchiveError {
  const has = seen === undefined ? 'does not list the app' : `shows ${nameOf(seen)}`;
  return new ArchiveError(
    'ROLLBACK_NOT_INSTALLED',
    `The device ${has}, not ${nameOf(target)}: it was not installed, or the App Store was faster. The fresh backup is kept; the run stays where it is.`,
    {
      hint: 'Turn off automatic app updates on the device (Settings, App Store), then run the same command again.',
    },
  );
}

function nameOf({ version, build, externalVersionId }: NamedVersion): string {
  const name = version ?? externalVersionId ?? 'another version';
  return build === undefined ? name : `${name} (${build})`;
}
