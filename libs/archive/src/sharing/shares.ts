import { ArchiveError, newId } from '@rootcellar/model';
import type { ArtifactId, Clock, MemberId, RootId } from '@rootcellar/model';
import { doerOf } from '../people/origin-of.js';
import type { Actor } from '../ports/people-catalog.js';
import type { ShareCatalog, ShareId } from '../ports/share-catalog.js';

export interface ShareRequest {
  readonly rootId: RootId;
  readonly bundleId: string | undefined;
  readonly withMemberId: MemberId;
  readonly until: Date;
}

const LONGEST_DAYS = 366;
const DAY_MS = 86_400_000;

/** Lets others of the household read something until a date, and keeps packages private. Only its owner does; a role gives nothing here. */
export class Shares {
  readonly #catalog: ShareCatalog;
  readonly #clock: Clock;

  constructor(catalog: ShareCatalog, clock: Clock) {
    this.#catalog = catalog;
    this.#clock = clock;
  }

  /**
   * Shared once more, it gets the new date.
   * @throws ArchiveError NOT_FOUND (no such thing of yours, no such member), INPUT_INVALID, BACKUP_ENCRYPTED (an app of an encrypted backup)
   */
  async give(actor: Actor, request: ShareRequest): Promise<ShareId> {
    const { rootId, bundleId, withMemberId: receiverId, until } = request;
    this.#requireDate(until);
    const root = await this.#catalog.findShareable(actor.memberId, rootId);
    if (root === undefined) {
      throw new ArchiveError('NOT_FOUND', 'There is no such snapshot or package of yours.', {
        hint: 'What you keep can be shared, and only by you.',
      });
    }
    if (root.householdWide)
      throw new ArchiveError('INPUT_INVALID', 'The whole household reads it already.');
    if (bundleId !== undefined) requireSnapshot(root);
    if (receiverId === actor.memberId)
      throw new ArchiveError('INPUT_INVALID', 'It is yours: you read it already.');
    if (!(await this.#catalog.isMember(actor.householdId, receiverId)))
      throw new ArchiveError('NOT_FOUND', 'There is no such member of your household.');
    const { householdId } = actor;
    const id = newId<ShareId>(this.#clock);
    return this.#catalog.give(
      { id, householdId, rootId, bundleId, receiverId, until },
      doerOf(actor),
    );
  }

  /** Taken back by who gave it, or refused by who was given it. @throws ArchiveError NOT_FOUND */
  async end(actor: Actor, id: ShareId): Promise<void> {
    if (!(await this.#catalog.end(actor.householdId, id, doerOf(actor))))
      throw new ArchiveError('NOT_FOUND', 'There is no such share, or it has ended.', {
        hint: '`rootcellar share list` shows yours.',
      });
  }

  /** Keeps a package for its owner alone, or gives it to the household's library. @throws ArchiveError NOT_FOUND */
  async setPrivate(actor: Actor, id: ArtifactId, isPrivate: boolean): Promise<void> {
    if (!(await this.#catalog.setPrivate(doerOf(actor), id, isPrivate)))
      throw new ArchiveError('NOT_FOUND', 'There is no such package of yours.');
  }

  #requireDate(until: Date): void {
    const left = until.getTime() - this.#clock.now().getTime();
    if (left > 0 && left <= LONGEST_DAYS * DAY_MS) return;
    throw new ArchiveError(
      'INPUT_INVALID',
      `A share ends at a date to come, at most ${LONGEST_DAYS} days from now. Nothing was shared.`,
    );
  }
}

function requireSnapshot({
  kind,
  encrypted,
}: {
  readonly kind: string;
  readonly encrypted: boolean;
}): void {
  if (kind !== 'snapshot')
    throw new ArchiveError('INPUT_INVALID', 'A package is one app already: share it whole.');
  if (!encrypted) return;
  throw new ArchiveError(
    'BACKUP_ENCRYPTED',
    'This backup is encrypted: without its password nobody can tell an app’s files from others.',
    { hint: 'It can be shared whole.' },
  );
}
