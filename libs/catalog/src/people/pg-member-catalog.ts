import type { Doer, Ending, MemberCatalog, MemberFacts, Role } from '@rootcellar/archive';
import type { AuditLine } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { Clock, HouseholdId, MemberId } from '@rootcellar/model';
import type { DataSource, EntityManager } from 'typeorm';
import { audit } from '../audit.js';
import { firstRow, rows } from '../sql.js';
import { endSignIns } from './end-sign-ins.js';
import { MEMBER_REMOVED, endShares, endUploads, handOver, putIntoBin } from './part-with-roots.js';
import type { RecentPrincipals } from './recent-principals.js';

export class PgMemberCatalog implements MemberCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;
  readonly #recent: RecentPrincipals;

  constructor(source: DataSource, clock: Clock, recent: RecentPrincipals) {
    this.#source = source;
    this.#clock = clock;
    this.#recent = recent;
  }

  async find(householdId: HouseholdId, id: MemberId): Promise<MemberFacts | undefined> {
    const found = await firstRow<Member>(this.#source, `${MEMBERS} and id = $2`, [householdId, id]);
    return found && toFacts(found);
  }

  async change(
    householdId: HouseholdId,
    id: MemberId,
    { role, name }: { readonly role?: Role; readonly name?: string },
    by: Doer,
  ): Promise<void> {
    await this.#inHousehold(householdId, id, async (tx, member, others) => {
      if (role !== undefined && role !== 'admin') requireOtherAdministrator(member, others);
      await tx.query(
        'update member set role = coalesce($2, role), name = coalesce($3, name) where id = $1',
        [id, role ?? null, name ?? null],
      );
      const of = { kind: 'member', id, ...by, concernsId: id } as const;
      const lines: AuditLine[] = [];
      if (name !== undefined && name !== member.name)
        lines.push({ ...of, action: 'renamed', subject: `${member.name} → ${name}` });
      if (role !== undefined && role !== member.role) {
        const subject = `${name ?? member.name}: ${member.role} → ${role}`;
        lines.push({ ...of, action: 'role-changed', subject });
      }
      await audit(tx, this.#clock, householdId, lines);
    });
    this.#recent.forgetMember(id);
  }

  async end(
    householdId: HouseholdId,
    id: MemberId,
    ending: Ending,
    by: Doer | undefined,
  ): Promise<void> {
    const place = { clock: this.#clock, householdId, by };
    await this.#inHousehold(householdId, id, async (tx, member, others) => {
      requireOtherAdministrator(member, others);
      await endUploads(tx, id);
      if (ending.data === 'export') {
        await tx.query(
          `update member set leaving_until = $2, hand_over_to = null, role = case role when 'admin' then 'member' else role end
            where id = $1`,
          [id, ending.until],
        );
      } else {
        await endShares(tx, id);
        if (ending.data === 'hand-over') {
          const to = others.find((other) => other.id === ending.to && other.leavingUntil === null);
          if (to === undefined) throw noSuchMember();
          await handOver(tx, place, id, ending.to);
          await this.#tell(tx, place, 'handed-over', {
            id,
            subject: `${member.name} → ${to.name}`,
          });
        } else await putIntoBin(tx, place, id, ending.binDays);
        await tx.query(
          'update member set removed_at = now(), leaving_until = null, hand_over_to = null where id = $1',
          [id],
        );
        await endSignIns(tx, id);
      }
      // What was to be handed to them goes to nobody.
      await tx.query(
        'update member set hand_over_to = null where household_id = $1 and hand_over_to = $2',
        [householdId, id],
      );
      const action = ending.data === 'export' ? 'member-leaving' : 'member-removed';
      await this.#tell(tx, place, action, { id, subject: member.name });
    });
    this.#recent.forgetMember(id);
  }

  async askHandOver(householdId: HouseholdId, id: MemberId, to: MemberId, by: Doer): Promise<void> {
    const place = { householdId, by };
    await this.#inHousehold(householdId, id, async (tx, member, others) => {
      requireOtherAdministrator(member, others);
      const other = others.find((each) => each.id === to && each.leavingUntil === null);
      if (other === undefined) throw noSuchMember();
      await tx.query('update member set hand_over_to = $2 where id = $1', [id, to]);
      const subject = `${member.name} → ${other.name}`;
      await this.#tell(tx, place, 'hand-over-asked', { id, subject });
    });
  }

  async dueEndings(householdId: HouseholdId): Promise<readonly MemberId[]> {
    const due = await rows<{ id: MemberId }>(
      this.#source,
      `select id from member where household_id = $1 and removed_at is null and leaving_until <= now() order by id`,
      [householdId],
    );
    return due.map(({ id }) => id);
  }

  /** One at a time in a household: whether somebody is its last administrator must stay true. Commits of members wait as well. */
  async #inHousehold(
    householdId: HouseholdId,
    id: MemberId,
    work: (tx: EntityManager, member: Member, others: readonly Member[]) => Promise<void>,
  ): Promise<void> {
    await this.#source.transaction(async (tx) => {
      await tx.query(
        'select from member where household_id = $1 and removed_at is null order by id for no key update',
        [householdId],
      );
      const members = await rows<Member>(tx, MEMBERS, [householdId]);
      const member = members.find((each) => each.id === id);
      if (member === undefined) throw noSuchMember();
      await work(
        tx,
        member,
        members.filter((each) => each !== member),
      );
    });
  }

  async #tell(
    tx: EntityManager,
    { householdId, by }: { readonly householdId: HouseholdId; readonly by: Doer | undefined },
    action: AuditLine['action'],
    { id, subject }: { readonly id: MemberId; readonly subject: string },
  ): Promise<void> {
    const who = by ?? { rule: MEMBER_REMOVED };
    await audit(tx, this.#clock, householdId, [
      { action, kind: 'member', id, subject, concernsId: id, ...who },
    ]);
  }
}

interface Member {
  readonly id: MemberId;
  readonly name: string;
  readonly role: Role;
  readonly leavingUntil: Date | null;
  readonly handOverTo: MemberId | null;
}

const MEMBERS = `
  select id, name, role, leaving_until as "leavingUntil", hand_over_to as "handOverTo" from member
  where household_id = $1 and removed_at is null`;

function toFacts({ leavingUntil, handOverTo, ...member }: Member): MemberFacts {
  return {
    ...member,
    leavingUntil: leavingUntil ?? undefined,
    handOverTo: handOverTo ?? undefined,
  };
}

function requireOtherAdministrator(member: Member, others: readonly Member[]): void {
  if (member.role !== 'admin' || others.some(({ role }) => role === 'admin')) return;
  throw new ArchiveError(
    'LAST_ADMINISTRATOR',
    `${member.name} is the household’s only administrator; without one nobody could invite or look after it. Nothing was changed.`,
    { hint: 'Make somebody else an administrator first: `rootcellar member role <name> admin`.' },
  );
}

function noSuchMember(): ArchiveError {
  return new ArchiveError('NOT_FOUND', 'There is no such member of this household.', {
    hint: '`rootcellar member list` shows them.',
  });
}
