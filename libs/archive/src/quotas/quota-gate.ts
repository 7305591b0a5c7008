import { ArchiveError } from '@rootcellar/model';
import type { Clock, HouseholdId, MemberId } from '@rootcellar/model';
import type { QuotaCatalog, Quotas, Reservation } from '../ports/quota-catalog.js';
import type { Declared, Upload } from '../ports/upload-catalog.js';
import type { HouseholdSpaces } from '../space/household-spaces.js';
import { quotaExceeded } from './quota-exceeded.js';
import { fuller, quotaState } from './quota-state.js';
import type { QuotaState } from './quota-state.js';
import { quotaUse } from './quota-use.js';

export interface QuotaParts {
  readonly quotas: QuotaCatalog;
  readonly spaces: HouseholdSpaces;
  readonly clock: Clock;
}

/** Counted again so often when roots come and go meanwhile. */
const ATTEMPTS = 5;
/** An upload that stores more than it said gets more in pieces of this: one question for many bodies. */
const PIECE_BYTES = 256 * 1024 * 1024;

const RECENT_MS = 5000;
const HOUSEHOLDS_KEPT = 256;

/** Lets uploads begin and go on only where quotas have room. Without quotas it costs one small question. */
export class QuotaGate {
  readonly #parts: QuotaParts;
  readonly #recent = new Map<HouseholdId, { readonly quotas: Quotas; readonly untilMs: number }>();

  constructor(parts: QuotaParts) {
    this.#parts = parts;
  }

  /**
   * How much an upload will add: what its files have more than the device's newest snapshot, or the whole package. Bytes of files, which
   * take less when they are stored.
   */
  async expectedGrowth(
    householdId: HouseholdId,
    declared: Declared,
    logicalBytes: number | undefined,
  ): Promise<number> {
    if (declared.kind === 'artifact') return declared.size;
    if (logicalBytes === undefined) return 0;
    const before = await this.#parts.quotas.newestLogicalBytes(householdId, declared.udid);
    return Math.max(0, logicalBytes - before);
  }

  /**
   * Reserves room for an upload. @returns the quota that is fuller, undefined when there is none
   * @throws ArchiveError QUOTA_EXCEEDED
   */
  async reserve(upload: Upload, bytes: number): Promise<QuotaState | undefined> {
    const { householdId, memberId } = upload;
    const quotas = await this.#readQuotas(householdId);
    if (!applies(quotas, memberId)) return undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { states, roots } = await this.#look(householdId, memberId, quotas);
      const reservation = await this.#parts.quotas.reserve(upload.id, {
        ...{ bytes, roots },
        room: { household: roomOf(states.household), member: roomOf(states.member) },
      });
      if (reservation.status === 'changed') continue;
      if (reservation.status === 'full') throw refusal(reservation, states, { upload, bytes });
      return fuller(states.member, states.household);
    }
    throw new ArchiveError(
      'SERVER_BUSY',
      'Snapshots come and go faster than the quota could be counted; nothing was sent.',
      { hint: 'Run the command again.' },
    );
  }

  /**
   * Lets an upload that stored more than it reserved go on, as long as there is room. @returns whether it reserved more
   * @throws ArchiveError QUOTA_EXCEEDED
   */
  async extend(upload: Upload): Promise<boolean> {
    const { storedBytes, reservedBytes, householdId, memberId } = upload;
    if (storedBytes <= reservedBytes) return false;
    if (!applies(await this.#recentQuotas(householdId), memberId)) return false;
    try {
      await this.reserve(upload, storedBytes + PIECE_BYTES);
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.code !== 'QUOTA_EXCEEDED') throw error;
      // A whole piece does not fit; what is there already may.
      await this.reserve(upload, storedBytes);
    }
    return true;
  }

  /** Bodies come by the dozen a second: they hear of a quota that was set a few seconds ago. */
  async #recentQuotas(householdId: HouseholdId): Promise<Quotas> {
    const last = this.#recent.get(householdId);
    if (last !== undefined && this.#parts.clock.monotonicMs() < last.untilMs) return last.quotas;
    return this.#readQuotas(householdId);
  }

  async #readQuotas(householdId: HouseholdId): Promise<Quotas> {
    const now = this.#parts.clock.monotonicMs();
    const quotas = await this.#parts.quotas.quotas(householdId);
    if (this.#recent.size >= HOUSEHOLDS_KEPT) this.#recent.clear();
    this.#recent.set(householdId, { quotas, untilMs: now + RECENT_MS });
    return quotas;
  }

  /** How full the quotas are that concern a member. Notes what is fuller than before. */
  async #look(
    householdId: HouseholdId,
    memberId: MemberId,
    quotas: Quotas,
  ): Promise<{
    readonly states: Readonly<Record<'household' | 'member', QuotaState | undefined>>;
    readonly roots: number;
  }> {
    const space = await this.#parts.spaces.open(householdId);
    const use = await quotaUse(space, quotas);
    const limit = quotas.members.get(memberId);
    const household =
      quotas.household === undefined
        ? undefined
        : quotaState('household', use.householdBytes, quotas.household);
    const member =
      limit === undefined
        ? undefined
        : quotaState('member', use.members.get(memberId)?.usedBytes ?? 0, limit);
    if (household !== undefined)
      await this.#parts.quotas.noteLevel({ householdId, memberId: undefined }, household.level);
    if (member !== undefined)
      await this.#parts.quotas.noteLevel({ householdId, memberId }, member.level);
    return { states: { household, member }, roots: space.inventory.roots.length };
  }
}

function applies(quotas: Quotas, memberId: MemberId): boolean {
  return quotas.household !== undefined || quotas.members.has(memberId);
}

function roomOf(state: QuotaState | undefined): number | undefined {
  return state === undefined ? undefined : state.quotaBytes - state.usedBytes;
}

function refusal(
  full: Extract<Reservation, { status: 'full' }>,
  states: Readonly<Record<'household' | 'member', QuotaState | undefined>>,
  of: { readonly upload: Upload; readonly bytes: number },
): ArchiveError {
  const { usedBytes = 0, quotaBytes = 0 } = states[full.scope] ?? {};
  return quotaExceeded({
    ...{ scope: full.scope, usedBytes, quotaBytes, claimedBytes: full.claimedBytes },
    ...{ neededBytes: of.bytes, sentBytes: of.upload.sentBytes },
  });
}
