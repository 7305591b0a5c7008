import { ArchiveError } from '@rootcellar/model';
import type { HouseholdId, MemberId } from '@rootcellar/model';
import { administratorOnly } from '../people/administrator-only.js';
import { doerOf, originOf } from '../people/origin-of.js';
import type { Actor, Principal } from '../ports/people-catalog.js';
import type { QuotaCatalog } from '../ports/quota-catalog.js';
import type { SharingCatalog } from '../ports/sharing-catalog.js';

export interface HouseholdView {
  readonly id: HouseholdId;
  readonly name: string;
  readonly timeZone: string;
  /** Whose chunks sizes are reckoned with when they are told to a member: everybody's, or the member's own. */
  readonly dedup: 'household' | 'member';
  /** Stored bytes; undefined: no quota. */
  readonly quotaBytes: number | undefined;
}

/** How a household shares its storage, and how much of it anybody may use. */
export class HouseholdSettings {
  readonly #sharing: SharingCatalog;
  readonly #quotas: QuotaCatalog;

  constructor(parts: { readonly sharing: SharingCatalog; readonly quotas: QuotaCatalog }) {
    this.#sharing = parts.sharing;
    this.#quotas = parts.quotas;
  }

  async show({ householdId }: Actor): Promise<HouseholdView> {
    const { name, timeZone, dedupByMember } = await this.#sharing.find(householdId);
    const { household } = await this.#quotas.quotas(householdId);
    const dedup = dedupByMember ? 'member' : 'household';
    return { id: householdId, name, timeZone, dedup, quotaBytes: household };
  }

  /** @throws ArchiveError FORBIDDEN */
  async setDedup(actor: Actor, dedup: HouseholdView['dedup']): Promise<void> {
    administratorOnly(actor);
    await this.#sharing.setDedup(actor.householdId, dedup === 'member', doerOf(actor));
  }

  /** @param bytes undefined: no quota. @throws ArchiveError FORBIDDEN, NOT_FOUND */
  async setMemberQuota(actor: Actor, memberId: MemberId, bytes: number | undefined): Promise<void> {
    administratorOnly(actor);
    const of = { householdId: actor.householdId, memberId, by: doerOf(actor) };
    if (!(await this.#quotas.setMemberQuota(of, bytes)))
      throw new ArchiveError('NOT_FOUND', 'The household has no such member.');
  }

  /** For the operator. @param bytes undefined: no quota. @throws ArchiveError FORBIDDEN, NOT_FOUND */
  async setHouseholdQuota(
    principal: Principal,
    householdId: HouseholdId,
    bytes: number | undefined,
  ): Promise<void> {
    if (!principal.operator)
      throw new ArchiveError('FORBIDDEN', 'Only the operator of the server may do this.');
    if (!(await this.#quotas.setHouseholdQuota(householdId, bytes, originOf(principal))))
      throw new ArchiveError('NOT_FOUND', 'There is no such household.');
  }
}
