import type { DeviceId, MemberId, PlanId, RootId } from '@rootcellar/model';
import type {
  Confirmation,
  HouseholdPolicy,
  Reason,
  ReasonCode,
  RemovalRule,
} from '@rootcellar/retention';

/** One thing a plan decides about. Instants are RFC 3339: a plan is stored and sent as it is. */
export interface PlanItem {
  readonly id: RootId;
  readonly kind: 'snapshot' | 'artifact';
  /** Of a snapshot … */
  readonly deviceId?: DeviceId;
  /** … or of an artifact. */
  readonly bundleId?: string;
  readonly memberId: MemberId;
  /** For people: the device's name and the backup's date, or the app and its version. */
  readonly name: string;
  /** When the backup was taken, or the package added. */
  readonly date: string;
  readonly keep: boolean;
  /** Why it stays; never empty for what stays. */
  readonly reasons: readonly (Omit<Reason, 'code'> & {
    /** `for-a-device`: of a device that whoever asks may not know more of. */
    readonly code: ReasonCode | 'for-a-device';
    readonly text: string;
  })[];
  /** By which rule it goes. */
  readonly removedBy?: RemovalRule;
  /** Stored bytes it needs, shared or not. */
  readonly bytes: number;
  /** What it frees after those removed before it in the list; so these add up to the plan's. 0 for what stays. */
  readonly freedBytes: number;
}

/** A device, app or member: what a plan does to it. */
export interface PlanGroup {
  readonly id: string;
  readonly name: string;
  readonly kept: number;
  readonly removed: number;
  /** Bytes that only what is removed here needs, were it the only thing removed. What groups share is in none of them. */
  readonly freedBytes: number;
}

/** What a policy does to what is there: shown, applied, logged and tested as this one object. */
export interface RetentionPlan {
  readonly id: PlanId;
  readonly madeAt: string;
  readonly policy: HouseholdPolicy;
  /** Whether the policy was the household's own when the plan was made: only then the plan can be applied. */
  readonly saved: boolean;
  /** Oldest first. */
  readonly items: readonly PlanItem[];
  readonly kept: number;
  readonly removed: number;
  /** Stored bytes that everything outside the bin needs, before and after. */
  readonly neededBytes: number;
  readonly neededAfterBytes: number;
  /** `neededBytes − neededAfterBytes`: what comes back once all of it is gone and collected. */
  readonly freedBytes: number;
  readonly devices: readonly PlanGroup[];
  readonly apps: readonly PlanGroup[];
  readonly members: readonly PlanGroup[];
  /** From when on space comes back: undo ends, and the next collections take what nobody needs. */
  readonly spaceReturns: string;
  readonly budget?: {
    readonly limit: number;
    readonly before: number;
    readonly after: number;
    readonly fits: boolean;
  };
  /** What somebody has to confirm by name before it is applied. */
  readonly confirmations: readonly Confirmation[];
}
