import type { Actor, Membership, Principal } from '@rootcellar/archive';
import { newId, systemClock } from '@rootcellar/model';
import type { AccountId, CredentialId } from '@rootcellar/model';

/** A member with a sign-in that allows all its role does, for use cases that are called without a service around them. */
export function actingAs(membership: Membership, more: Partial<Actor> = {}): Actor {
  return {
    accountId: newId<AccountId>(systemClock),
    credentialId: newId<CredentialId>(systemClock),
    ...{ kind: 'token', scope: 'admin', operator: false },
    ...membership,
    ...more,
  };
}

/** Whose sign-in it is that acts. */
export function principalOf({ memberId, householdId, role, ...principal }: Actor): Principal {
  return { ...principal, membership: { memberId, householdId, role } };
}
