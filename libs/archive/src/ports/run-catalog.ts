import type { DeviceId, Id, MemberId, RollbackPlanId, SnapshotId } from '@rootcellar/model';
import type { RollbackState, RollbackStepName } from '../rollback/rollback-plan.js';
import type { RunPosition } from '../rollback/run/follow.js';
import type { Doer } from './audit-trail.js';
import type { NewHold } from './hold-catalog.js';
import type { Membership } from './people-catalog.js';
import type { NamedVersion } from './rollback-catalog.js';

/** One start of `rollback run`. */
export type RunnerId = Id<'runner'>;
export type StepReportId = Id<'step-report'>;

/** What was told of a step. */
export interface StepRecord {
  readonly id: StepReportId;
  readonly step: RollbackStepName;
  readonly outcome: 'started' | 'done' | 'failed';
  /** Why it failed: an error code. */
  readonly reason: string | null;
  readonly at: Date;
}

/** Who works with a device. */
export interface Claim {
  readonly planId: RollbackPlanId;
  readonly runner: RunnerId;
  readonly computer: string;
  readonly underway: RollbackStepName | undefined;
  /** Silent for so long that somebody else may go on. */
  readonly silent: boolean;
  readonly silentAfter: Date;
}

/** A run as it is while its device is locked: nobody else changes it. */
export interface LockedRun {
  readonly state: RollbackState;
  readonly bundleId: string;
  readonly deviceId: DeviceId;
  readonly deviceOwnerId: MemberId | undefined;
  readonly deviceName: string;
  readonly claim: Claim | undefined;
  /** This very report was told before. */
  readonly known: boolean;
  readonly reports: number;
}

/** What becomes of a run. */
export interface RunChange {
  readonly position: RunPosition;
  /** Undefined: nothing is written down but that the runner is there. */
  readonly record: Omit<StepRecord, 'at'> | undefined;
  readonly backupSnapshotId: SnapshotId | undefined;
  readonly hold: NewHold | undefined;
  readonly runner: RunnerId;
  /** Undefined: the device is free for others. */
  readonly claim: { readonly runner: RunnerId; readonly computer: string } | undefined;
  /** What the app and version are called, for the audit trail. */
  readonly subject: string;
}

export interface RunView {
  readonly state: RollbackState;
  /** The last 100, oldest first. */
  readonly steps: readonly StepRecord[];
  readonly claim: Claim | undefined;
}

export interface RunCatalog {
  /**
   * One transaction: locks the plan's device, asks what becomes of the run, does it, with a line in the audit trail and, at its end, the hold.
   * @returns false when the reader has no such plan
   */
  change(
    reader: Membership,
    planId: RollbackPlanId,
    reportId: StepReportId,
    decide: (run: LockedRun) => { readonly change: RunChange; readonly by: Doer } | undefined,
  ): Promise<boolean>;
  /** Of the reader's own plan. */
  view(reader: Membership, planId: RollbackPlanId): Promise<RunView | undefined>;
  /** What a snapshot of a device says of an app; undefined: it is none of that device, of before `since`, or not for the reader. */
  installedIn(
    reader: Membership,
    snapshotId: SnapshotId,
    what: { readonly deviceId: DeviceId; readonly bundleId: string; readonly since: Date },
  ): Promise<{ readonly app: NamedVersion | undefined } | undefined>;
}
