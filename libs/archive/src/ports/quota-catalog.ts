import type { HouseholdId, MemberId, UploadId } from '@rootcellar/model';
import type { Doer, Origin } from './audit-trail.js';

/** Limits in sealed bytes; undefined where there is none. */
export interface Quotas {
  readonly household: number | undefined;
  readonly members: ReadonlyMap<MemberId, number>;
  /** Who shares storage pays as if nobody did. */
  readonly dedupByMember: boolean;
}

/** What open uploads may store yet. */
export interface Claims {
  /** Of the whole household, and of the uploader. */
  readonly household: number;
  readonly member: number;
}

export type Reservation =
  | { readonly status: 'reserved' }
  /** A root came or went since the use was counted: count again. */
  | { readonly status: 'changed' }
  | {
      readonly status: 'full';
      readonly scope: 'household' | 'member';
      /** Of other open uploads. */
      readonly claimedBytes: number;
    };

/** What an upload wants, and what is left of the quotas apart from open uploads; sealed bytes. */
export interface Wanted {
  readonly bytes: number;
  readonly room: { readonly household: number | undefined; readonly member: number | undefined };
  /** How many roots the household had when the room was counted. */
  readonly roots: number;
}

export interface QuotaCatalog {
  quotas(householdId: HouseholdId): Promise<Quotas>;
  /** @returns false when there is no such household */
  setHouseholdQuota(
    householdId: HouseholdId,
    bytes: number | undefined,
    from: Origin,
  ): Promise<boolean>;
  /** @returns false when the household has no such member */
  setMemberQuota(
    of: { readonly householdId: HouseholdId; readonly memberId: MemberId; readonly by: Doer },
    bytes: number | undefined,
  ): Promise<boolean>;
  /** Bytes of the files of the device's newest snapshot, in the bin or not; 0 without one. */
  newestLogicalBytes(householdId: HouseholdId, udid: string): Promise<number>;
  /** One at a time per household, so that two uploads do not get the same room. For an upload that is not open nothing happens. */
  reserve(uploadId: UploadId, wanted: Wanted): Promise<Reservation>;
  /** Notes how full a quota is: 0, 80 or 95 %. What is higher than noted before is written to the audit trail. */
  noteLevel(
    of: { readonly householdId: HouseholdId; readonly memberId: MemberId | undefined },
    level: number,
  ): Promise<void>;
}
