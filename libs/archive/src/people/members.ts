import { ArchiveError, readableText } from '@rootcellar/model';
import type { MemberId } from '@rootcellar/model';
import type { MemberCatalog } from '../ports/member-catalog.js';
import type { Actor, Role } from '../ports/people-catalog.js';
import { administratorOnly } from './administrator-only.js';
import { doerOf } from './origin-of.js';

/** Names and roles in a household. */
export class Members {
  readonly #members: MemberCatalog;

  constructor(members: MemberCatalog) {
    this.#members = members;
  }

  /** Administrators change everybody; a member their own name. @throws ArchiveError FORBIDDEN, NOT_FOUND, LAST_ADMINISTRATOR */
  async change(
    actor: Actor,
    id: MemberId,
    change: { readonly role?: Role | undefined; readonly name?: string | undefined },
  ): Promise<void> {
    if (change.role !== undefined || id !== actor.memberId) administratorOnly(actor);
    const name = change.name === undefined ? undefined : readableText(change.name, 100, '');
    if (name === '') throw new ArchiveError('INPUT_INVALID', 'A name has at least one character.');
    const member = await this.#members.find(actor.householdId, id);
    if (change.role !== undefined && member?.leavingUntil !== undefined) {
      throw new ArchiveError('MEMBER_LEAVING', `${member.name} is leaving the household.`, {
        hint: 'Their role cannot change any more.',
      });
    }
    await this.#members.change(actor.householdId, id, { role: change.role, name }, doerOf(actor));
  }
}
