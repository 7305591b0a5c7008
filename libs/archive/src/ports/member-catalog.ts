import type { HouseholdId, MemberId } from '@rootcellar/model';
import type { Doer } from './audit-trail.js';
import type { Role } from './people-catalog.js';

/** What becomes of the things of somebody whose membership ends. Content goes to nobody who was not given it by its owner. */
export type Ending =
  /** What is theirs alone goes to the bin: snapshots, private packages. What is the household's stays there. */
  | { readonly data: 'bin'; readonly binDays: number }
  /** Everything belongs to another member from now on. Only they themselves may ask for it. */
  | { readonly data: 'hand-over'; readonly to: MemberId }
  /** They may read until then, to take along what is theirs; then it goes to the bin. */
  | { readonly data: 'export'; readonly until: Date };

export interface MemberFacts {
  readonly id: MemberId;
  readonly name: string;
  readonly role: Role;
  readonly leavingUntil: Date | undefined;
  /** Whom an administrator wants their things handed to. */
  readonly handOverTo: MemberId | undefined;
}

/** Members of households and the end of it. Every change leaves an audit line. */
export interface MemberCatalog {
  /** @returns undefined for one of another household, and for one whose membership has ended */
  find(householdId: HouseholdId, id: MemberId): Promise<MemberFacts | undefined>;
  /** @throws ArchiveError NOT_FOUND, LAST_ADMINISTRATOR */
  change(
    householdId: HouseholdId,
    id: MemberId,
    change: { readonly role?: Role | undefined; readonly name?: string | undefined },
    by: Doer,
  ): Promise<void>;
  /**
   * One transaction: things, open uploads, sign-ins, membership. Sign-ins in a browser of somebody with another household go on there.
   * @param by undefined: their time was over
   * @throws ArchiveError NOT_FOUND (also for who should be given their things), LAST_ADMINISTRATOR
   */
  end(householdId: HouseholdId, id: MemberId, ending: Ending, by: Doer | undefined): Promise<void>;
  /** Waits until they agree to it. @throws ArchiveError NOT_FOUND, LAST_ADMINISTRATOR */
  askHandOver(householdId: HouseholdId, id: MemberId, to: MemberId, by: Doer): Promise<void>;
  /** Of whom the last day of reading is over. */
  dueEndings(householdId: HouseholdId): Promise<readonly MemberId[]>;
}
