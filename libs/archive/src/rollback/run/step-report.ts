import type { SnapshotId } from '@rootcellar/model';
import type { NamedVersion } from '../../ports/rollback-catalog.js';
import type { RunnerId, StepReportId } from '../../ports/run-catalog.js';
import type { RollbackStepName } from '../rollback-plan.js';
import type { StepOutcome } from './follow.js';

/** What an agent tells of a step. */
export interface StepReport {
  /** Made by the agent; telling it twice is telling it once. */
  readonly id: StepReportId;
  readonly runner: RunnerId;
  /** For people: which computer it is. */
  readonly computer: string;
  readonly step: RollbackStepName;
  readonly outcome: StepOutcome;
  /** Of `fresh-backup` that is done: the snapshot it became. */
  readonly snapshotId?: SnapshotId | undefined;
  /** Of `install-package` and `verify` that are done: the version the device itself lists; undefined: it does not list the app. */
  readonly seen?: NamedVersion | undefined;
  /** Of what failed: an error code. */
  readonly reason?: string | undefined;
}
