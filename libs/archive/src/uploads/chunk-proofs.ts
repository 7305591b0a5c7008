import type { Clock, UploadId } from '@rootcellar/model';
import { ChunkSet, ChunkUnion } from '@rootcellar/vault';
import type { ProvenChunks } from '@rootcellar/vault';
import type { ProofCatalog } from '../ports/proof-catalog.js';
import type { Upload } from '../ports/upload-catalog.js';
import { MembersChunks } from './member-chunks.js';
import type { MemberChunks } from './member-chunks.js';

/** A root that was committed, or forgotten, elsewhere may be heard of so much later; a commit asks anew. */
const AGE_MAX_MS = 30_000;
/** Who names what is not known as theirs asks for more than that at most once in so long. */
const LOOK_AGAIN_MS = 1000;
const UPLOADS_KEPT = 64;
const ORDINALS_MAX = 2 ** 32;

/** What one upload showed that it has, as far as this process heard. */
interface Shown {
  readonly chunks: ChunkUnion;
  aloneBelow: number;
  seq: number;
}

/** Says which stored chunks the sender of an upload may be told of and may name (docs/adr/0031). */
export class ChunkProofs {
  readonly #catalog: ProofCatalog;
  readonly #members: MembersChunks;
  /** The one used last is last. */
  readonly #shown = new Map<UploadId, Shown>();

  constructor(catalog: ProofCatalog, clock: Clock) {
    this.#catalog = catalog;
    this.#members = new MembersChunks(catalog, clock);
  }

  /** Good enough to answer what need not be sent: it may lack what is half a minute old, see {@link UploadProof.lookAgain}. */
  async recent(upload: Upload): Promise<UploadProof> {
    return this.#open(upload, AGE_MAX_MS);
  }

  /** For a body that comes: `undefined` when nobody else ever added anything, so that nothing need be shown. */
  async forBody(upload: Upload): Promise<UploadProof | undefined> {
    const proof = await this.#open(upload, AGE_MAX_MS);
    if (!proof.alone) return proof;
    const now = await this.#open(upload, 0);
    return now.alone ? undefined : now;
  }

  /** As it is now. */
  async certain(upload: Upload): Promise<UploadProof> {
    const proof = await this.#open(upload, 0);
    await proof.lookAgain();
    return proof;
  }

  /** An upload became a root. */
  committed({ id, memberId }: Upload): void {
    this.#shown.delete(id);
    this.#members.changed(memberId);
  }

  async #open(upload: Upload, maxAgeMs: number): Promise<UploadProof> {
    const { householdId, memberId, id } = upload;
    const shown = this.#shown.get(id) ?? {
      ...{ chunks: new ChunkUnion(ORDINALS_MAX), aloneBelow: 0, seq: 0 },
    };
    this.#shown.delete(id);
    this.#shown.set(id, shown);
    for (const oldest of this.#shown.keys()) {
      if (this.#shown.size <= UPLOADS_KEPT) break;
      this.#shown.delete(oldest);
    }
    const member = await this.#members.of(householdId, memberId, maxAgeMs);
    return new UploadProof(member, shown, {
      member: async (alone) => this.#members.of(householdId, memberId, alone ? 0 : LOOK_AGAIN_MS),
      shown: async () => this.#readShown(id, shown),
    });
  }

  async #readShown(id: UploadId, shown: Shown): Promise<void> {
    const { aloneBelow, sets } = await this.#catalog.shown(id, shown.seq);
    shown.aloneBelow = aloneBelow;
    for (const { seq, ordinals } of sets) {
      shown.chunks.add(ordinals);
      shown.seq = Math.max(shown.seq, seq);
    }
  }
}

/** What the sender of one upload proved to have. */
export class UploadProof implements ProvenChunks {
  #member: MemberChunks;
  readonly #shown: Shown;
  readonly #again: {
    readonly member: (alone: boolean) => Promise<MemberChunks>;
    readonly shown: () => Promise<void>;
  };

  constructor(
    member: MemberChunks,
    shown: Shown,
    again: {
      readonly member: (alone: boolean) => Promise<MemberChunks>;
      readonly shown: () => Promise<void>;
    },
  ) {
    this.#member = member;
    this.#shown = shown;
    this.#again = again;
  }

  /** Nobody else ever added anything. */
  get alone(): boolean {
    return this.#member.standing.alone;
  }

  get dedupByMember(): boolean {
    return this.#member.standing.dedupByMember;
  }

  has(ordinal: number): boolean {
    return (
      this.owns(ordinal) || ordinal < this.#shown.aloneBelow || this.#shown.chunks.has(ordinal)
    );
  }

  /** Whether a root of the member's needs it; where there is one member only, whether it was stored. */
  owns(ordinal: number): boolean {
    const { standing, own } = this.#member;
    return standing.alone ? ordinal < standing.nextOrdinal : own.has(ordinal);
  }

  /** Hears of what was committed and shown meanwhile, here or elsewhere. */
  async lookAgain(): Promise<void> {
    this.#member = await this.#again.member(this.alone);
    // Of who is alone everything is known.
    if (!this.alone) await this.#again.shown();
  }
}

/** Serialised, as the catalog keeps it. */
export function shownSet(ordinals: readonly number[]): Uint8Array {
  using set = new ChunkSet();
  set.add(ordinals);
  return set.serialize();
}
