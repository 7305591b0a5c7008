import type { HouseholdId } from '@rootcellar/model';
import type { Role } from '../ports/people-catalog.js';
import type { GivenRole } from '../ports/provider-catalog.js';

/** What being in a provider's group makes somebody. */
export interface GroupRole {
  readonly group: string;
  readonly householdId: HouseholdId;
  readonly role: Role;
}

const ROLES: readonly Role[] = ['limited', 'member', 'admin'];

/** One for each household that groups are about: the widest role of those that a person's groups give there. */
export function rolesOf(
  rules: readonly GroupRole[],
  groups: readonly string[],
): readonly GivenRole[] {
  const held = new Set(groups);
  const roles = new Map<HouseholdId, Role | undefined>();
  for (const { group, householdId, role } of rules) {
    const known = roles.get(householdId);
    const wider = held.has(group) && (known === undefined || rank(role) > rank(known));
    roles.set(householdId, wider ? role : known);
  }
  return [...roles].map(([householdId, role]) => ({ householdId, role }));
}

function rank(role: Role): number {
  return ROLES.indexOf(role);
}
