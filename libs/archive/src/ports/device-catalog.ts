import type { DeviceId, HouseholdId, MemberId } from '@rootcellar/model';
import type { Doer } from './audit-trail.js';

export interface KnownDevice {
  readonly id: DeviceId;
  /** Undefined: the household's. */
  readonly ownerId: MemberId | undefined;
  readonly name: string;
  /** The device it replaced. */
  readonly successorOf: DeviceId | undefined;
}

/** What becomes of a device. Left out: stays as it is. */
export interface DeviceChange {
  /** `household`: everybody's. Snapshots that are there stay with whom they belong to. */
  readonly owner?: MemberId | 'household';
  /** A name of the owner's; null for the one its backups give. */
  readonly name?: string | null;
  readonly retired?: boolean;
  /** The device it replaced; null for none. */
  readonly successorOf?: DeviceId | null;
  /** All members whose computers may push for it beside its owner's. */
  readonly pushers?: readonly MemberId[];
}

export interface DeviceCatalog {
  find(householdId: HouseholdId, id: DeviceId): Promise<KnownDevice | undefined>;
  /** Of these, those who are members and were not removed. */
  members(householdId: HouseholdId, ids: readonly MemberId[]): Promise<readonly MemberId[]>;
  /** The device that continues this one. */
  successorOf(householdId: HouseholdId, id: DeviceId): Promise<DeviceId | undefined>;
  /** One transaction, with lines in the audit trail. Another owner begins without a name of the old one's, and without its pushers. */
  change(householdId: HouseholdId, id: DeviceId, change: DeviceChange, by: Doer): Promise<void>;
}
