import type {
  AccountId,
  CredentialId,
  HouseholdId,
  InvitationId,
  MemberId,
} from '@rootcellar/model';
import type { Doer, Origin } from './audit-trail.js';
import type { NewAccount, NewHousehold, Role } from './people-catalog.js';

export interface NewInvitation {
  readonly id: InvitationId;
  readonly householdId: HouseholdId;
  readonly invitedBy: AccountId;
  /** Undefined where the operator invites, who is no member. */
  readonly memberId: MemberId | undefined;
  readonly role: Role;
  /** For whom, as the household calls them. */
  readonly name: string | undefined;
  /** SHA-256 of the token; the token itself is never stored. */
  readonly tokenHash: Uint8Array;
  readonly days: number;
  /** From where it was asked for. */
  readonly from: Origin;
}

/** What an invitation shows to who holds it. */
export interface InvitationView {
  readonly householdName: string;
  readonly invitedBy: string;
  readonly role: Role;
  readonly name: string | undefined;
  readonly expiresAt: Date;
}

/** Who comes: a new account, or one that is signed in. */
export type Joining =
  | {
      readonly memberId: MemberId;
      readonly account: NewAccount;
      readonly from?: Origin | undefined;
    }
  | {
      readonly memberId: MemberId;
      readonly from?: Origin | undefined;
      readonly accountId: AccountId;
      /** Is of the household from now on, if it was of none. */
      readonly credentialId: CredentialId;
    };

export interface Joined {
  readonly householdId: HouseholdId;
  readonly householdName: string;
  /** Of who comes back: the one they had. */
  readonly memberId: MemberId;
}

/**
 * Invitations. One is valid until it is accepted, taken back or over, and as long as who invited may invite: an administrator of the
 * household, or an operator.
 */
export interface InvitationCatalog {
  /** @returns when it is over */
  create(invitation: NewInvitation): Promise<Date>;
  /** A new household with the invitation of its first administrator; one transaction. */
  createHousehold(household: NewHousehold, first: NewInvitation): Promise<Date>;
  /** @returns false when there is none that could be accepted */
  revoke(householdId: HouseholdId, id: InvitationId, by: Doer): Promise<boolean>;
  /** @returns undefined for one that is not valid, for whatever reason */
  find(tokenHash: Uint8Array): Promise<InvitationView | undefined>;
  /**
   * Spends it; of several at a time one succeeds. Who was a member before is the same member again, with all that is theirs still.
   * @returns undefined for one that is not valid
   * @throws ArchiveError ACCOUNT_EXISTS, MEMBER_ALREADY; it is not spent then, but five times of the first make it void
   */
  accept(tokenHash: Uint8Array, joining: Joining): Promise<Joined | undefined>;
}
