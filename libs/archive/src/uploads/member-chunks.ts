import type { Clock, HouseholdId, MemberId, RootId } from '@rootcellar/model';
import { ChunkUnion } from '@rootcellar/vault';
import type { ProofCatalog, Standing } from '../ports/proof-catalog.js';

/** The chunks that a member's own roots need, as of one moment. */
export interface MemberChunks {
  readonly standing: Standing;
  readonly own: ChunkUnion;
  readonly roots: ReadonlySet<RootId>;
  readonly readAtMs: number;
}

/** 8 KiB for every 65,536 chunks of the household: 20 MiB for 32 members of a household of five million. */
const MEMBERS_KEPT = 32;
const SETS_A_QUERY = 100;
const ORDINALS_MAX = 2 ** 32;

/**
 * Keeps members' own chunks in memory, as bits by ordinal. What is read anew is only what was committed since; when a root is gone, all of it.
 */
export class MembersChunks {
  readonly #catalog: ProofCatalog;
  readonly #clock: Clock;
  /** The one used last is last. */
  readonly #known = new Map<MemberId, MemberChunks>();
  readonly #underway = new Map<MemberId, Promise<MemberChunks>>();

  constructor(catalog: ProofCatalog, clock: Clock) {
    this.#catalog = catalog;
    this.#clock = clock;
  }

  /** @param maxAgeMs how old it may be; 0 for as it is now */
  async of(householdId: HouseholdId, memberId: MemberId, maxAgeMs: number): Promise<MemberChunks> {
    const known = this.#known.get(memberId);
    if (known !== undefined && this.#clock.monotonicMs() - known.readAtMs < maxAgeMs) {
      this.#keep(memberId, known);
      return known;
    }
    // Who waits for a reading that began before may get what was so before: only good enough for who takes an old one.
    const underway = this.#underway.get(memberId);
    if (underway !== undefined && maxAgeMs > 0) return underway;
    const reading = (underway ?? Promise.resolve()).then(
      async () => this.#read(householdId, memberId),
      async () => this.#read(householdId, memberId),
    );
    this.#underway.set(memberId, reading);
    try {
      return await reading;
    } finally {
      if (this.#underway.get(memberId) === reading) this.#underway.delete(memberId);
    }
  }

  /** A root of the member's was committed: what is known is not all any more. */
  changed(memberId: MemberId): void {
    const known = this.#known.get(memberId);
    if (known !== undefined) this.#known.set(memberId, { ...known, readAtMs: -Infinity });
  }

  async #read(householdId: HouseholdId, memberId: MemberId): Promise<MemberChunks> {
    const readAtMs = this.#clock.monotonicMs();
    const standing = await this.#catalog.standing(householdId, memberId);
    const before = this.#known.get(memberId);
    const roots = standing.alone ? [] : await this.#catalog.ownRoots(householdId, memberId);
    const now = new Set(roots);
    const grew = before !== undefined && [...before.roots].every((id) => now.has(id));
    const own = grew ? before.own : new ChunkUnion(ORDINALS_MAX);
    const added = grew ? roots.filter((id) => !before.roots.has(id)) : roots;
    for (let from = 0; from < added.length; from += SETS_A_QUERY) {
      const ids = added.slice(from, from + SETS_A_QUERY);
      for (const set of (await this.#catalog.chunkSets(householdId, ids)).values()) own.add(set);
    }
    const chunks = { standing, own, roots: now, readAtMs };
    this.#keep(memberId, chunks);
    return chunks;
  }

  #keep(memberId: MemberId, chunks: MemberChunks): void {
    this.#known.delete(memberId);
    this.#known.set(memberId, chunks);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MEMBERS_KEPT) break;
      this.#known.delete(oldest);
    }
  }
}
