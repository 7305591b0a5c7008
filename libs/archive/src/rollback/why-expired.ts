import type { NamedVersion, PlanGround, StoredRollbackPlan } from '../ports/rollback-catalog.js';
import { isSame } from './version-order.js';
import type { ExpiryCode, RollbackState, Said } from './rollback-plan.js';

/** What is still ahead needs what it rests on; what was done does not. */
const NEEDS_PACKAGE = new Set<RollbackState>(['planned', 'backed-up']);
const NEEDS_DATA = new Set<RollbackState>(['planned', 'backed-up', 'installed']);

/**
 * Why a plan does not hold any more; nothing while it does. A run makes a backup first and so changes what the newest one is: once it began,
 * newer backups and age say nothing against the plan.
 */
export function whyExpired(
  plan: Pick<StoredRollbackPlan, 'restsOn' | 'state' | 'expiresAt' | 'begun'>,
  ground: PlanGround,
  now: Date,
): Said<ExpiryCode>[] {
  return [
    ...whatIsGone(plan, ground),
    ...(plan.state === 'planned' ? whatIsNew(plan, ground, now) : []),
  ];
}

type Kept = Parameters<typeof whyExpired>[0];

function whatIsGone({ restsOn, state }: Kept, ground: PlanGround): Said<ExpiryCode>[] {
  const { artifactId, dataSnapshotId } = restsOn;
  const lacksPackage = artifactId !== null && !ground.artifactReadable;
  const lacksData = dataSnapshotId !== null && !ground.dataReadable;
  return [
    ...because(
      NEEDS_DATA.has(state) && !ground.deviceVisible,
      'device-gone',
      'The device is not yours any more.',
    ),
    ...because(
      NEEDS_PACKAGE.has(state) && lacksPackage,
      'package-gone',
      'The package is not there any more: forgotten, or no longer shared.',
    ),
    ...because(
      NEEDS_DATA.has(state) && lacksData,
      'data-gone',
      'The backup with the data is not there any more: forgotten, or no longer shared.',
    ),
  ];
}

function whatIsNew(
  { restsOn, begun, expiresAt }: Kept,
  ground: PlanGround,
  now: Date,
): Said<ExpiryCode>[] {
  const { newest, deviceVisible } = ground;
  const isNew = deviceVisible && (newest?.id ?? null) !== restsOn.newestSnapshotId;
  return [
    ...because(
      isNew && !sameInstalled(restsOn.installed, newest?.app),
      'other-version-installed',
      'A newer backup shows another version of the app on the device.',
    ),
    // The run's own backup is pushed before the run can say that it is done.
    ...because(
      isNew && !begun,
      'newer-backup',
      'The newest backup of the device is another one by now.',
    ),
    ...because(!begun && now >= expiresAt, 'too-old', 'The plan is older than a week.'),
  ];
}

function because(holds: boolean, code: ExpiryCode, text: string): Said<ExpiryCode>[] {
  return holds ? [{ code, text }] : [];
}

function sameInstalled(then: NamedVersion | null, now: NamedVersion | undefined): boolean {
  if (then === null || now === undefined) return then === null && now === undefined;
  return isSame(then, now);
}
