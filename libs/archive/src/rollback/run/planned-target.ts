import { ArchiveError } from '@rootcellar/model';
import type { NamedVersion } from '../../ports/rollback-catalog.js';
import type { RollbackPlan } from '../rollback-plan.js';

/** The version that is to be on the device. @throws ArchiveError PLAN_EXPIRED: the package is not there any more */
export function targetOf({ target, app }: RollbackPlan): NamedVersion {
  if (target !== null) {
    return {
      version: target.version ?? undefined,
      build: target.build ?? undefined,
      externalVersionId: target.externalVersionId ?? undefined,
    };
  }
  throw new ArchiveError(
    'PLAN_EXPIRED',
    'The package or the data of this plan is not there any more: forgotten, or no longer shared. Nothing was recorded.',
    { hint: `Make it again: \`rootcellar rollback plan ${app.bundleId} --device <device>\`.` },
  );
}
