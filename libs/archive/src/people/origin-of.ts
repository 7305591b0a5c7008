import type { Doer, Origin } from '../ports/audit-trail.js';
import type { Actor, Principal } from '../ports/people-catalog.js';

/** From where somebody acts, for the audit trail. */
export function originOf({ from, credentialId }: Pick<Principal, 'from' | 'credentialId'>): Origin {
  return { ...from, credentialId };
}

/** Who acts, for the audit trail. */
export function doerOf(actor: Actor): Doer {
  return { memberId: actor.memberId, from: originOf(actor) };
}
