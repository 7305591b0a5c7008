import type { DeviceId, HouseholdId, Id, MemberId, RollbackPlanId } from '@rootcellar/model';
import type { Doer } from './audit-trail.js';
import type { Membership } from './people-catalog.js';
import type { NamedVersion } from './rollback-catalog.js';

export type HoldId = Id<'hold'>;
export type AlertId = Id<'alert'>;

/** "This app stays at this version on this device." */
export interface NewHold extends NamedVersion {
  readonly id: HoldId;
  readonly householdId: HouseholdId;
  readonly deviceId: DeviceId;
  readonly bundleId: string;
  readonly planId: RollbackPlanId | undefined;
}

/** A hold or an alert, as far as is asked who may change it. */
export interface OnDevice {
  readonly deviceId: DeviceId;
  readonly deviceOwnerId: MemberId | undefined;
}

export interface HoldCatalog {
  /** What the newest backup of a device that its reader owns, or that is the household's, says of an app. */
  installedNow(
    reader: Membership,
    deviceId: DeviceId,
    bundleId: string,
  ): Promise<NamedVersion | undefined>;
  /** One transaction, with a line in the audit trail. Of an app there is one hold a device: a new one takes the place of the old. @returns its id */
  set(hold: NewHold, by: Doer): Promise<HoldId>;
  /** Undefined when there is none, or it was released. */
  find(householdId: HouseholdId, id: HoldId): Promise<OnDevice | undefined>;
  /** Its alerts are resolved by it. @returns false when it was released meanwhile */
  release(householdId: HouseholdId, id: HoldId, by: Doer): Promise<boolean>;
  /** Undefined when there is none, or it is resolved or dismissed. */
  findAlert(householdId: HouseholdId, id: AlertId): Promise<OnDevice | undefined>;
  dismiss(householdId: HouseholdId, id: AlertId, by: Doer): Promise<boolean>;
}
