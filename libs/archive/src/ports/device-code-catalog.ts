import type { AccountId, DeviceCodeId, HouseholdId, MemberId } from '@rootcellar/model';
import type { Origin } from './audit-trail.js';
import type { NewCredential, Scope } from './people-catalog.js';

export interface NewDeviceCode {
  readonly id: DeviceCodeId;
  /** SHA-256 of what the computer holds, and of what its user types. */
  readonly deviceHash: Uint8Array;
  readonly userHash: Uint8Array;
  readonly clientName: string;
  readonly scope: Scope;
  /** Address of the network it came from. */
  readonly requestedFrom: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

/** What is shown to who shall decide. */
export interface DeviceCodeView {
  readonly clientName: string;
  readonly scope: Scope;
  readonly from: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
}

export type DeviceDecision =
  | { readonly approve: false }
  | {
      readonly approve: true;
      readonly accountId: AccountId;
      readonly membership:
        { readonly memberId: MemberId; readonly householdId: HouseholdId } | undefined;
      readonly scope: Scope;
      /** From where it was approved. */
      readonly from: Origin;
    };

export type Polled =
  | { readonly status: 'pending' | 'slow-down' | 'expired' | 'denied' }
  | {
      readonly status: 'approved';
      readonly accountId: AccountId;
      readonly memberId: MemberId | undefined;
    };

/** Sign-ins that wait for somebody's approval (RFC 8628). Times are the database's. */
export interface DeviceCodeCatalog {
  /** @returns false when `most` wait already */
  create(code: NewDeviceCode, most: number): Promise<boolean>;
  /** @returns undefined for one that is not waiting */
  find(userHash: Uint8Array): Promise<DeviceCodeView | undefined>;
  /** @returns false for one that is not waiting; an approval leaves an audit line */
  decide(userHash: Uint8Array, decision: DeviceDecision): Promise<boolean>;
  /**
   * What was decided. An approved code ends with it: its sign-in is made in the same transaction, once.
   * @param credential all of it that is not decided by who approved
   * @param from from where it is collected, for the audit line of the sign-in
   */
  poll(
    deviceHash: Uint8Array,
    credential: Pick<NewCredential, 'id' | 'tokenHash'>,
    from?: Origin,
  ): Promise<Polled>;
}
