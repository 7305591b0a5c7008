import type { AccountId, HouseholdId, MemberId } from '@rootcellar/model';
import type { Origin } from './audit-trail.js';
import type { NewAccount, Role } from './people-catalog.js';
import type { Change } from './sign-in-catalog.js';

/** Whom a provider means. */
export interface ProviderIdentity {
  readonly issuer: string;
  readonly subject: string;
}

/** What somebody is to be in a household, by the word of a provider. */
export interface GivenRole {
  readonly householdId: HouseholdId;
  /** Undefined for who is in none of its groups (any more). */
  readonly role: Role | undefined;
}

export interface ProviderCatalog {
  /** Also notes that it was used. */
  findLinked(identity: ProviderIdentity, now: Date): Promise<AccountId | undefined>;
  /** @returns false when the identity belongs to another account */
  link(change: Change, identity: ProviderIdentity): Promise<boolean>;
  /** An account without a password. @returns false when its address or the identity is taken */
  createLinked(account: NewAccount, identity: ProviderIdentity): Promise<boolean>;
  /**
   * In each of the households: who has no place there gets one, unless they were removed; who has one gets the role. Who is in no group any
   * more stays as a member, but no administrator. A household's last administrator stays one.
   */
  applyRoles(
    person: {
      readonly accountId: AccountId;
      readonly name: string;
      readonly from: Origin | undefined;
    },
    roles: readonly GivenRole[],
    newId: () => MemberId,
  ): Promise<void>;
}
