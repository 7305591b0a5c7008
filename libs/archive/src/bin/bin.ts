import { ArchiveError } from '@rootcellar/model';
import type { Clock, HouseholdId, RootId } from '@rootcellar/model';
import { confirmationsNeeded } from '@rootcellar/retention';
import type { Confirmation } from '@rootcellar/retention';
import type { BinCatalog } from '../ports/bin-catalog.js';
import { doerOf } from '../people/origin-of.js';
import type { Actor } from '../ports/people-catalog.js';
import type { RetentionCatalog } from '../ports/retention-catalog.js';
import type { Inventory, KeptRoot } from '../ports/space-catalog.js';
import { administratorOnly } from '../people/administrator-only.js';
import { isPrivatePackage, mayKeep, requireMayRemove } from '../people/may.js';
import { BIN_DAYS } from '../retention/make-plan.js';
import type { HouseholdSpaces, Space } from '../space/household-spaces.js';
import { subjectOf } from '../space/root-subject.js';
import { requireConfirmation } from './require-confirmation.js';

export interface BinParts {
  readonly bin: BinCatalog;
  readonly retention: RetentionCatalog;
  readonly spaces: HouseholdSpaces;
  readonly clock: Clock;
}

export type RootKind = KeptRoot['kind'];

export interface Forgotten {
  readonly id: RootId;
  readonly name: string;
  /** Bytes that come back when it is gone and collected. */
  readonly freedBytes: number;
  /** Undo is possible until then. */
  readonly goneAfter: Date;
  /** Names that forgetting it asks to confirm. */
  readonly confirmations: readonly Confirmation[];
}

export interface BinEntry {
  readonly id: RootId;
  readonly kind: RootKind;
  readonly name: string;
  readonly forgottenAt: Date;
  readonly goneAfter: Date;
  readonly rule: string | undefined;
  /** Stored bytes that only it needs, in the bin and outside. */
  readonly uniqueBytes: number;
}

const DAY_MS = 86_400_000;

/**
 * Pins, forgetting and bringing back. The owner may, a limited one not forget; an administrator may for all but private packages, and
 * sees no content by it.
 */
export class Bin {
  readonly #parts: BinParts;

  constructor(parts: BinParts) {
    this.#parts = parts;
  }

  /** What forgetting it would do. @throws ArchiveError NOT_FOUND, FORBIDDEN, ROOT_PINNED */
  async preview(actor: Actor, kind: RootKind, id: RootId): Promise<Forgotten> {
    requireMayRemove(actor);
    const space = await this.#parts.spaces.open(actor.householdId);
    const root = ownRoot(space.inventory, actor, { kind, id });
    if (root.bin !== undefined) throw notThere(kind);
    return this.#wouldForget(actor, space, root);
  }

  /**
   * Moves it to the bin.
   * @throws ArchiveError NOT_FOUND, FORBIDDEN, ROOT_PINNED, CONFIRMATION_NEEDED
   */
  async forget(
    actor: Actor,
    kind: RootKind,
    id: RootId,
    confirmed: readonly string[],
  ): Promise<Forgotten> {
    requireMayRemove(actor);
    const space = await this.#parts.spaces.open(actor.householdId);
    const root = ownRoot(space.inventory, actor, { kind, id });
    // Who did not hear the answer asks again.
    if (root.bin !== undefined) return this.#forgotten(actor, space, root, root.bin.goneAfter);
    const shown = await this.#wouldForget(actor, space, root);
    requireConfirmation(shown.confirmations, confirmed);
    const { forgotten, goneAfter } = await this.#parts.bin.forget(
      actor.householdId,
      [{ id, subject: shown.name, bytes: shown.freedBytes }],
      doerOf(actor),
      await this.#days(actor.householdId),
    );
    if (!forgotten.includes(id)) throw notThere(kind);
    return { ...shown, goneAfter };
  }

  async #wouldForget(actor: Actor, space: Space, root: KeptRoot): Promise<Forgotten> {
    if (root.pinned) throw pinned();
    const visible = space.inventory.roots.filter(({ bin }) => bin === undefined);
    const { name, timeZone } = await this.#parts.retention.household(actor.householdId);
    return {
      id: root.id,
      name: subjectOf(root, timeZone),
      freedBytes: (await space.count(visible)).freedBytes([space.setOf(root)]),
      goneAfter: new Date(
        this.#parts.clock.now().getTime() + (await this.#days(actor.householdId)) * DAY_MS,
      ),
      // That somebody keeps the same app for themselves is not told by a confirmation that is not asked for.
      confirmations: rails(
        visible.filter((one) => one.memberId === actor.memberId || !isPrivatePackage(one)),
        root,
        name,
      ),
    };
  }

  /** Of what is in the bin already: what only it needs, in the bin and outside. */
  async #forgotten(
    actor: Actor,
    space: Space,
    root: KeptRoot,
    goneAfter: Date,
  ): Promise<Forgotten> {
    const { timeZone } = await this.#parts.retention.household(actor.householdId);
    const counts = await space.count(space.inventory.roots);
    const freedBytes = counts.freedBytes([space.setOf(root)]);
    const name = subjectOf(root, timeZone);
    return { id: root.id, name, freedBytes, goneAfter, confirmations: [] };
  }

  /** Brings it back as it was. @throws ArchiveError NOT_FOUND when it is not in the bin, or gone for ever */
  async undo(actor: Actor, kind: RootKind, id: RootId): Promise<void> {
    ownRoot(await this.#parts.spaces.inventory(actor.householdId), actor, { kind, id });
    const back = await this.#parts.bin.undo(actor.householdId, [id], doerOf(actor));
    if (!back.includes(id)) {
      throw new ArchiveError(
        'NOT_FOUND',
        'It is not in the bin: it was never forgotten, or its time was over.',
        {
          hint: '`rootcellar bin list` shows what can be brought back.',
        },
      );
    }
  }

  /** Nothing removes what is pinned. @throws ArchiveError NOT_FOUND */
  async setPinned(actor: Actor, kind: RootKind, id: RootId, pinned: boolean): Promise<void> {
    ownRoot(await this.#parts.spaces.inventory(actor.householdId), actor, { kind, id });
    if (!(await this.#parts.bin.setPinned(actor.householdId, id, pinned, doerOf(actor))))
      throw notThere(kind);
  }

  /** What the actor could bring back; what goes first is first. */
  async list(actor: Actor): Promise<readonly BinEntry[]> {
    const space = await this.#parts.spaces.open(actor.householdId);
    const { timeZone } = await this.#parts.retention.household(actor.householdId);
    const counts = await space.count(space.inventory.roots);
    return space.inventory.roots
      .flatMap((root) =>
        root.bin !== undefined && mayKeep(actor, root) ? [{ root, bin: root.bin }] : [],
      )
      .map(({ root, bin }) => ({
        ...{ id: root.id, kind: root.kind, name: subjectOf(root, timeZone), ...bin },
        rule: bin.rule,
        uniqueBytes: counts.uniqueBytes(space.setOf(root)),
      }))
      .sort((a, b) => a.goneAfter.getTime() - b.goneAfter.getTime());
  }

  /**
   * Ends the time of everything in the bin; the next collection takes it.
   * @param confirmed the household's name
   * @returns how many things
   * @throws ArchiveError FORBIDDEN, CONFIRMATION_NEEDED
   */
  async empty(actor: Actor, confirmed: readonly string[]): Promise<number> {
    administratorOnly(actor);
    const { name } = await this.#parts.retention.household(actor.householdId);
    if (!confirmed.includes(name)) {
      throw new ArchiveError(
        'CONFIRMATION_NEEDED',
        'Emptying the bin cannot be undone: confirm with the household’s name. Nothing was removed.',
        { details: { names: [name] }, hint: `Confirm with --confirm ${JSON.stringify(name)}` },
      );
    }
    return this.#parts.bin.emptyBin(actor.householdId, doerOf(actor));
  }

  async #days(householdId: HouseholdId): Promise<number> {
    return (await this.#parts.retention.policy(householdId))?.binDays ?? BIN_DAYS;
  }
}

/** The same answer for what is not there and for what is another's. */
function ownRoot(
  inventory: Inventory,
  actor: Actor,
  which: { readonly kind: RootKind; readonly id: RootId },
): KeptRoot {
  const root = inventory.roots.find(({ id }) => id === which.id);
  if (root?.kind !== which.kind || !mayKeep(actor, root)) throw notThere(which.kind);
  return root;
}

/** The same rails as for a plan. */
function rails(
  visible: readonly KeptRoot[],
  root: KeptRoot,
  householdName: string,
): readonly Confirmation[] {
  return confirmationsNeeded({
    removed: new Set([root.id]),
    items: visible.map((one) =>
      one.kind === 'snapshot'
        ? { id: one.id, kind: 'snapshot', group: one.deviceId }
        : { id: one.id, kind: 'version', group: one.bundleId },
    ),
    householdName,
  });
}

function notThere(kind: RootKind): ArchiveError {
  const what = kind === 'snapshot' ? 'snapshot' : 'app package';
  return new ArchiveError('NOT_FOUND', `There is no such ${what}, or it is not yours.`);
}

function pinned(): ArchiveError {
  return new ArchiveError('ROOT_PINNED', 'It is pinned: nothing removes it. Nothing was changed.', {
    hint: 'Unpin it first.',
  });
}
