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
  const { restsOn, state } = plan;
  const reasons: Said<ExpiryCode>[] = [];
  const because = (code: ExpiryCode, text: string): void => void reasons.push({ code, text });
  if (NEEDS_DATA.has(state) && !ground.deviceVisible)
    because('device-gone', 'The device is not yours any more.');
  if (NEEDS_PACKAGE.has(state) && restsOn.artifactId !== null && !ground.artifactReadable)
    because('package-gone', 'The package is not there any more: forgotten, or no longer shared.');
  if (NEEDS_DATA.has(state) && restsOn.dataSnapshotId !== null && !ground.dataReadable)
    because(
      'data-gone',
      'The backup with the data is not there any more: forgotten, or no longer shared.',
    );
  if (state !== 'planned') return reasons;
  if (ground.deviceVisible && (ground.newest?.id ?? null) !== restsOn.newestSnapshotId) {
    if (!sameInstalled(restsOn.installed, ground.newest?.app))
      because(
        'other-version-installed',
        'A newer backup shows another version of the app on the device.',
      );
    // The run's own backup is pushed before the run can say that it is done.
    if (!plan.begun)
      because('newer-backup', 'The newest backup of the device is another one by now.');
  }
  if (!plan.begun && now >= plan.expiresAt) because('too-old', 'The plan is older than a week.');
  return reasons;
}

function sameInstalled(then: NamedVersion | null, now: NamedVersion | undefined): boolean {
  if (then === null || now === undefined) return then === null && now === undefined;
  return isSame(then, now);
}
