import type { CredentialId, HouseholdId, MemberId } from '@rootcellar/model';

export type Role = 'admin' | 'member' | 'limited';

/** Who acts: found by the token of a request. */
export interface Actor {
  readonly memberId: MemberId;
  readonly householdId: HouseholdId;
  readonly credentialId: CredentialId;
  readonly role: Role;
}

export interface NewHousehold {
  readonly id: HouseholdId;
  readonly name: string;
  /** IANA name, e.g. `Europe/Berlin`: "daily" means the household's day. */
  readonly timeZone: string;
  readonly wrappedKey: Uint8Array;
}

export interface NewMember {
  readonly id: MemberId;
  readonly householdId: HouseholdId;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly role: Role;
}

export interface NewCredential {
  readonly id: CredentialId;
  readonly memberId: MemberId;
  /** Where it is used, for the list of sign-ins. */
  readonly name: string;
  /** SHA-256 of the token; the token itself is never stored. */
  readonly tokenHash: Uint8Array;
}

export interface Profile {
  readonly memberId: MemberId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly householdId: HouseholdId;
  readonly householdName: string;
  readonly timeZone: string;
}

export interface PeopleCatalog {
  hasAdministrator(): Promise<boolean>;
  /** In one transaction, once: @throws ArchiveError SETUP_DONE when an administrator exists. */
  createFirst(household: NewHousehold, member: NewMember, credential: NewCredential): Promise<void>;
  findPassword(
    email: string,
  ): Promise<{ readonly memberId: MemberId; readonly passwordHash: string } | undefined>;
  addCredential(credential: NewCredential): Promise<void>;
  removeCredential(id: CredentialId): Promise<void>;
  /** Also notes that the credential was used (to the minute). */
  findActor(tokenHash: Uint8Array): Promise<Actor | undefined>;
  profile(memberId: MemberId): Promise<Profile>;
  wrappedKey(householdId: HouseholdId): Promise<Uint8Array>;
}
