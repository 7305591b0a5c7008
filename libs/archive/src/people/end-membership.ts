import { ArchiveError } from '@rootcellar/model';
import type { Clock, HouseholdId, MemberId } from '@rootcellar/model';
import { BIN_DAYS } from '../retention/make-plan.js';
import type { Ending, MemberCatalog, MemberFacts } from '../ports/member-catalog.js';
import type { Actor } from '../ports/people-catalog.js';
import type { RetentionCatalog } from '../ports/retention-catalog.js';
import type { HouseholdSpaces } from '../space/household-spaces.js';
import { administratorOnly } from './administrator-only.js';
import { doerOf } from './origin-of.js';

export interface EndMembershipParts {
  readonly members: MemberCatalog;
  readonly retention: Pick<RetentionCatalog, 'household' | 'policy'>;
  readonly spaces: Pick<HouseholdSpaces, 'open'>;
  readonly clock: Clock;
}

export interface EndingWish {
  readonly data: Ending['data'];
  /** Of `hand-over`: to whom. */
  readonly to?: MemberId | undefined;
  /** Of `export`: until when they may read; 30 days without it. */
  readonly until?: Date | undefined;
  readonly confirm: readonly string[];
  /** Only says what would happen. */
  readonly dryRun: boolean;
}

/** What the end of a membership does, or would do. */
export interface EndedMembership {
  readonly memberId: MemberId;
  readonly name: string;
  readonly data: Ending['data'];
  /** `waiting`: until they agree to the hand-over themselves. */
  readonly status: 'planned' | 'ended' | 'leaving' | 'waiting';
  readonly devices: number;
  readonly snapshots: number;
  /** Of the household's library. */
  readonly packages: number;
  /** Bytes of their files. */
  readonly logicalBytes: number;
  /** Stored bytes that come back when the bin's time is over; 0 where nothing goes there. */
  readonly freedBytes: number;
  /** Of `bin`: undo is possible until then. Of `export`: their last day. */
  readonly until: Date | undefined;
  /** The name that must be given to agree. */
  readonly confirm: string;
}

const DAY_MS = 86_400_000;
const EXPORT_DAYS = 30;
const EXPORT_DAYS_MAX = 366;

/** Removal and leaving. An administrator decides that somebody goes; where content would come to others, only its owner does. */
export class EndMembership {
  readonly #parts: EndMembershipParts;

  constructor(parts: EndMembershipParts) {
    this.#parts = parts;
  }

  /**
   * By an administrator; confirmed with the member's name. A hand-over waits for the member's own word.
   * @throws ArchiveError FORBIDDEN, NOT_FOUND, INPUT_INVALID, CONFIRMATION_NEEDED, LAST_ADMINISTRATOR
   */
  async remove(actor: Actor, id: MemberId, wish: EndingWish): Promise<EndedMembership> {
    administratorOnly(actor);
    // Of oneself one leaves.
    if (id === actor.memberId) return this.leave(actor, wish);
    const member = await this.#find(actor.householdId, id);
    const planned = await this.#plan(actor.householdId, member, wish, member.name);
    if (wish.dryRun) return planned;
    requireName(planned, wish);
    if (wish.data !== 'hand-over') return this.#end(actor, planned, wish);
    const to = receiverOf(wish);
    await this.#parts.members.askHandOver(actor.householdId, id, to, doerOf(actor));
    return { ...planned, status: 'waiting' };
  }

  /**
   * By the member; confirmed with the household's name. A limited member deletes nothing, so not by leaving either; they can agree to the
   * hand-over an administrator asked for.
   * @throws ArchiveError as {@link remove}
   */
  async leave(actor: Actor, wish: EndingWish): Promise<EndedMembership> {
    const { householdId, memberId } = actor;
    const { name } = await this.#parts.retention.household(householdId);
    const member = await this.#find(householdId, memberId);
    const agrees = wish.data === 'hand-over' && member.handOverTo === wish.to;
    if (member.role === 'limited' && !agrees) throw notByThemselves();
    const planned = await this.#plan(householdId, member, wish, name);
    if (wish.dryRun) return planned;
    requireName(planned, wish);
    return this.#end(actor, planned, wish);
  }

  /** Ends the memberships whose last day of reading is over. @returns how many */
  async endDue(householdId: HouseholdId): Promise<number> {
    const due = await this.#parts.members.dueEndings(householdId);
    const ending = { data: 'bin', binDays: await this.#binDays(householdId) } as const;
    for (const id of due) await this.#parts.members.end(householdId, id, ending, undefined);
    return due.length;
  }

  async #end(actor: Actor, planned: EndedMembership, wish: EndingWish): Promise<EndedMembership> {
    const { householdId } = actor;
    const ending = await this.#endingOf(householdId, planned, wish);
    await this.#parts.members.end(householdId, planned.memberId, ending, doerOf(actor));
    return { ...planned, status: wish.data === 'export' ? 'leaving' : 'ended' };
  }

  async #endingOf(
    householdId: HouseholdId,
    { until }: EndedMembership,
    wish: EndingWish,
  ): Promise<Ending> {
    if (wish.data === 'hand-over') return { data: 'hand-over', to: receiverOf(wish) };
    if (wish.data === 'export' && until !== undefined) return { data: 'export', until };
    return { data: 'bin', binDays: await this.#binDays(householdId) };
  }

  async #plan(
    householdId: HouseholdId,
    member: MemberFacts,
    wish: EndingWish,
    confirm: string,
  ): Promise<EndedMembership> {
    if (wish.data === 'hand-over') await this.#checkReceiver(householdId, member, wish);
    const space = await this.#parts.spaces.open(householdId);
    const visible = space.inventory.roots.filter(({ bin }) => bin === undefined);
    const theirs = visible.filter(({ memberId }) => memberId === member.id);
    const alone = theirs.filter(({ householdWide }) => !householdWide);
    const going = wish.data === 'bin' ? alone : [];
    return {
      ...{ memberId: member.id, name: member.name, data: wish.data, status: 'planned', confirm },
      devices: space.inventory.devices.filter(({ ownerId }) => ownerId === member.id).length,
      snapshots: alone.filter(({ kind }) => kind === 'snapshot').length,
      // What somebody keeps for themselves is not counted in front of others.
      packages: theirs.filter(({ kind, householdWide }) => kind === 'artifact' && householdWide)
        .length,
      logicalBytes: theirs.reduce((sum, { logicalBytes }) => sum + logicalBytes, 0),
      freedBytes: (await space.count(visible)).freedBytes(going.map(space.setOf)),
      until: await this.#untilOf(householdId, wish),
    };
  }

  async #untilOf(householdId: HouseholdId, { data, until }: EndingWish): Promise<Date | undefined> {
    const now = this.#parts.clock.now().getTime();
    if (data === 'hand-over') return undefined;
    if (data === 'bin') return new Date(now + (await this.#binDays(householdId)) * DAY_MS);
    const end = until?.getTime() ?? now + EXPORT_DAYS * DAY_MS;
    if (!(end > now && end <= now + EXPORT_DAYS_MAX * DAY_MS))
      throw new ArchiveError('INPUT_INVALID', 'The last day lies in the future, within a year.');
    return new Date(end);
  }

  async #checkReceiver(
    householdId: HouseholdId,
    member: MemberFacts,
    wish: EndingWish,
  ): Promise<void> {
    const to = await this.#find(householdId, receiverOf(wish));
    if (to.id === member.id || to.leavingUntil !== undefined)
      throw new ArchiveError('INPUT_INVALID', 'It can be handed to another member who stays.');
  }

  async #find(householdId: HouseholdId, id: MemberId): Promise<MemberFacts> {
    const member = await this.#parts.members.find(householdId, id);
    if (member !== undefined) return member;
    throw new ArchiveError('NOT_FOUND', 'There is no such member of this household.', {
      hint: '`rootcellar member list` shows them.',
    });
  }

  async #binDays(householdId: HouseholdId): Promise<number> {
    return (await this.#parts.retention.policy(householdId))?.binDays ?? BIN_DAYS;
  }
}

function receiverOf({ to }: EndingWish): MemberId {
  if (to !== undefined) return to;
  throw new ArchiveError('INPUT_INVALID', 'A hand-over needs somebody to hand to (`to`).');
}

function notByThemselves(): ArchiveError {
  return new ArchiveError(
    'FORBIDDEN',
    'A limited member does not leave by themselves. Nothing was changed.',
    { hint: 'An administrator of the household can end the membership.' },
  );
}

function requireName({ name, confirm }: EndedMembership, wish: EndingWish): void {
  if (wish.confirm.includes(confirm)) return;
  throw new ArchiveError(
    'CONFIRMATION_NEEDED',
    `Ending the membership of ${name} needs a confirmation by name. Nothing was changed.`,
    { details: { names: [confirm] }, hint: `Confirm with --confirm ${JSON.stringify(confirm)}` },
  );
}
