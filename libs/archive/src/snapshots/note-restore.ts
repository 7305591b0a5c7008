import { doerOf } from '../people/origin-of.js';
import type { AuditTrail } from '../ports/audit-trail.js';
import type { Actor } from '../ports/people-catalog.js';
import type { ReadableSnapshot } from '../ports/root-catalog.js';

/** A restore that breaks off goes on with another request: that is no other restore. */
const SAME_RESTORE_HOURS = 24;

/** One line for each restore: where one goes on, only if the same sign-in did not begin it a short while ago. */
export async function noteRestore(
  audit: AuditTrail,
  actor: Actor,
  of: { readonly snapshot: ReadableSnapshot; readonly resumed: boolean; readonly part?: string },
): Promise<void> {
  const { id, ownerId } = of.snapshot;
  const line = {
    ...({ action: 'restored', kind: 'snapshot' } as const),
    ...{ id, ...doerOf(actor), concernsId: ownerId, part: of.part },
  };
  if (of.resumed) await audit.noteOnce(actor.householdId, line, SAME_RESTORE_HOURS);
  else await audit.note(actor.householdId, [line]);
}
