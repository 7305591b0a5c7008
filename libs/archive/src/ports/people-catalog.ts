import type { AccountId, CredentialId, HouseholdId, MemberId } from '@rootcellar/model';

export type Role = 'admin' | 'member' | 'limited';

/**
 * What a sign-in may be used for, each including the one before: adding backups and packages; reading what its member may read; all that
 * the member's role allows. What the member may not do, none of them allows.
 */
export type Scope = 'push' | 'restore' | 'admin';

/** Whose sign-in came with a request. */
export interface Principal {
  readonly accountId: AccountId;
  readonly credentialId: CredentialId;
  /** A browser's, or of an agent. */
  readonly kind: 'session' | 'token';
  readonly scope: Scope;
  /** A browser's token that is to be replaced, see `renewSession`. */
  readonly renew?: boolean | undefined;
  /** Looks after the server. Says nothing about any household. */
  readonly operator: boolean;
  /** Where the request came from; undefined for what no request asked for. */
  readonly from?: { readonly address: string; readonly agent?: string | undefined } | undefined;
  /** As a member of what household; undefined for an operator who belongs to none. */
  readonly membership: Membership | undefined;
}

export interface Membership {
  readonly memberId: MemberId;
  readonly householdId: HouseholdId;
  readonly role: Role;
  /** Set when the membership has ended but for reading, until then. */
  readonly leavingUntil?: Date | undefined;
}

/** A household somebody belongs to. */
export interface HouseholdOf extends Membership {
  readonly householdName: string;
}

/** Who acts in a household. */
export interface Actor extends Omit<Principal, 'membership'>, Membership {}

export interface NewHousehold {
  readonly id: HouseholdId;
  readonly name: string;
  /** IANA name, e.g. `Europe/Berlin`: "daily" means the household's day. */
  readonly timeZone: string;
  readonly wrappedKey: Uint8Array;
}

/** What a person signs in with; a member is an account's place in one household. */
export interface NewAccount {
  readonly id: AccountId;
  readonly name: string;
  readonly email: string;
  /** PHC string; undefined for who signs in without a password. */
  readonly passwordHash: string | undefined;
  readonly operator: boolean;
}

export interface NewMember {
  readonly id: MemberId;
  readonly householdId: HouseholdId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly role: Role;
}

export interface NewCredential {
  readonly id: CredentialId;
  readonly accountId: AccountId;
  /** Undefined for an operator who belongs to no household. */
  readonly memberId: MemberId | undefined;
  readonly kind: 'session' | 'token';
  readonly scope: Scope;
  /** Where it is used, for the list of sign-ins. */
  readonly name: string;
  /** SHA-256 of the token; the token itself is never stored. */
  readonly tokenHash: Uint8Array;
  /** Undefined for one that ends only by being ended. */
  readonly expiresAt?: Date | undefined;
}

/** Puts a new token in the place of one, which stays good a little longer. */
export interface Renewal {
  readonly tokenHash: Uint8Array;
  readonly newHash: Uint8Array;
  readonly now: Date;
  /** Nothing is done to one that was made or renewed since. */
  readonly notSince: Date;
  readonly previousUntil: Date;
}

/** Who is signed in; without a household's part for an operator who belongs to none. */
export interface Profile {
  readonly accountId: AccountId;
  readonly memberId: MemberId | null;
  readonly name: string;
  readonly email: string;
  readonly role: Role | null;
  readonly operator: boolean;
  readonly householdId: HouseholdId | null;
  readonly householdName: string | null;
  readonly timeZone: string | null;
}

export interface PeopleCatalog {
  hasAdministrator(): Promise<boolean>;
  /** In one transaction, once: @throws ArchiveError SETUP_DONE when an administrator exists. */
  createFirst(first: {
    readonly household: NewHousehold;
    readonly account: NewAccount;
    readonly member: NewMember;
    readonly credential: NewCredential;
  }): Promise<void>;
  /** `passwordHash` is undefined for who signs in without a password. */
  findAccount(
    email: string,
  ): Promise<
    { readonly accountId: AccountId; readonly passwordHash: string | undefined } | undefined
  >;
  /** The households an account belongs to, in the order it came to them. */
  memberships(accountId: AccountId): Promise<readonly Membership[]>;
  addCredential(credential: NewCredential): Promise<void>;
  removeCredential(id: CredentialId): Promise<void>;
  /** @returns false when nothing was done */
  renewCredential(renewal: Renewal): Promise<boolean>;
  /** Also notes that the credential was used (to the minute). */
  findPrincipal(tokenHash: Uint8Array): Promise<Principal | undefined>;
  profile(principal: Principal): Promise<Profile>;
  /** In the order they came to them. */
  householdsOf(accountId: AccountId): Promise<readonly HouseholdOf[]>;
  /** Makes a sign-in one for another household of its account. @returns undefined when it belongs to none such */
  switchHousehold(
    principal: Pick<Principal, 'accountId' | 'credentialId'>,
    householdId: HouseholdId,
  ): Promise<Membership | undefined>;
  wrappedKey(householdId: HouseholdId): Promise<Uint8Array>;
}
