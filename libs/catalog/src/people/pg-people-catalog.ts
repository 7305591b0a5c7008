import type {
  Actor,
  NewCredential,
  NewHousehold,
  NewMember,
  PeopleCatalog,
  Profile,
} from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { Clock, CredentialId, HouseholdId, MemberId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { CredentialRow, HouseholdRow, MemberRow } from '../rows/people.row.js';
import { firstRow } from '../sql.js';
import { RecentActors } from './recent-actors.js';

export class PgPeopleCatalog implements PeopleCatalog {
  readonly #source: DataSource;
  readonly #recent: RecentActors;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#recent = new RecentActors(clock);
  }

  async hasAdministrator(): Promise<boolean> {
    return this.#source.manager.existsBy(MemberRow, { role: 'admin' });
  }

  async createFirst(
    household: NewHousehold,
    member: NewMember,
    credential: NewCredential,
  ): Promise<void> {
    await this.#source.transaction(async (tx) => {
      // Two set-ups at a time: the second waits here and then finds the first.
      await tx.query('lock table member in exclusive mode');
      if (await tx.existsBy(MemberRow, { role: 'admin' })) {
        throw new ArchiveError(
          'SETUP_DONE',
          'This service was set up by somebody else a moment ago.',
        );
      }
      await tx.insert(HouseholdRow, {
        ...household,
        wrappedKey: Buffer.from(household.wrappedKey),
      });
      await tx.insert(MemberRow, member);
      await tx.insert(CredentialRow, {
        ...credential,
        tokenHash: Buffer.from(credential.tokenHash),
      });
    });
  }

  async findPassword(
    email: string,
  ): Promise<{ memberId: MemberId; passwordHash: string } | undefined> {
    return firstRow(
      this.#source,
      `select id as "memberId", password_hash as "passwordHash" from member where lower(email) = lower($1)`,
      [email],
    );
  }

  async addCredential(credential: NewCredential): Promise<void> {
    await this.#source.manager.insert(CredentialRow, {
      ...credential,
      tokenHash: Buffer.from(credential.tokenHash),
    });
  }

  async removeCredential(id: CredentialId): Promise<void> {
    await this.#source.manager.delete(CredentialRow, { id });
    this.#recent.forget(id);
  }

  async findActor(tokenHash: Uint8Array): Promise<Actor | undefined> {
    const recent = this.#recent.get(tokenHash);
    if (recent !== undefined) return recent;
    const { ended } = this.#recent;
    const actor = await firstRow<Actor>(
      this.#source,
      `with found as (
          select credential.id, member.id as member_id, household_id, role from credential
          join member on member.id = credential.member_id
          where token_hash = $1 and (expires_at is null or expires_at > now())),
        used as (
          update credential set last_used_at = now() from found
          where credential.id = found.id and (last_used_at is null or last_used_at < now() - interval '1 minute'))
      select id as "credentialId", member_id as "memberId", household_id as "householdId", role from found`,
      [Buffer.from(tokenHash)],
    );
    if (actor !== undefined) this.#recent.remember(tokenHash, actor, ended);
    return actor;
  }

  async profile(memberId: MemberId): Promise<Profile> {
    const found = await firstRow<Profile>(
      this.#source,
      `select member.id as "memberId", member.name, email, role, household_id as "householdId",
          household.name as "householdName", time_zone as "timeZone"
        from member join household on household.id = household_id where member.id = $1`,
      [memberId],
    );
    if (found === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such member.');
    return found;
  }

  async wrappedKey(householdId: HouseholdId): Promise<Uint8Array> {
    const household = await this.#source.manager.findOneBy(HouseholdRow, { id: householdId });
    if (household === null) throw new ArchiveError('NOT_FOUND', 'There is no such household.');
    return household.wrappedKey;
  }
}
