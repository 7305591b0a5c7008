import { SESSION_IDLE_DAYS } from '@rootcellar/archive';
import type {
  AccountCatalog,
  AccountSecrets,
  Change,
  Origin,
  OwnSignIn,
  SignInNote,
} from '@rootcellar/archive';
import type { AccountId, Clock, CredentialId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { firstRow, rows } from '../sql.js';
import { noteSignIn, recordChange } from './change.js';

/** Hears that sign-ins of an account ended, so that this process forgets them at once. */
export type SignInsEnded = (accountId: AccountId) => void;

export class PgAccountCatalog implements AccountCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;
  readonly #ended: SignInsEnded;

  constructor(source: DataSource, clock: Clock, ended: SignInsEnded) {
    this.#source = source;
    this.#clock = clock;
    this.#ended = ended;
  }

  async findSecrets(accountId: AccountId): Promise<AccountSecrets | undefined> {
    const found = await firstRow<
      Omit<AccountSecrets, 'passwordHash'> & { passwordHash: string | null }
    >(
      this.#source,
      `select id as "accountId", name, email, password_hash as "passwordHash" from account where id = $1`,
      [accountId],
    );
    return found && { ...found, passwordHash: found.passwordHash ?? undefined };
  }

  async changePassword(change: Change, passwordHash: string): Promise<void> {
    await this.#source.transaction(async (tx) => {
      await tx.query('update account set password_hash = $2 where id = $1', [
        change.accountId,
        passwordHash,
      ]);
      await recordChange(tx, this.#clock, change);
    });
    this.#ended(change.accountId);
  }

  async signIns(accountId: AccountId, now: Date): Promise<readonly OwnSignIn[]> {
    return rows<OwnSignIn>(
      this.#source,
      `select id, name, kind, scope, created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt"
        from credential where ${OWN} and (expires_at is null or expires_at > $2)
          and (kind = 'token' or coalesce(last_used_at, created_at) > $2::timestamptz - interval '${SESSION_IDLE_DAYS} days')
        order by coalesce(last_used_at, created_at) desc, id limit 1000`,
      [accountId, now],
    );
  }

  async endSignIn(accountId: AccountId, id: CredentialId): Promise<boolean> {
    const [gone] = await rows(
      this.#source,
      `with gone as (delete from credential where ${OWN} and id = $2 returning id) select id from gone`,
      [accountId, id],
    );
    this.#ended(accountId);
    return gone !== undefined;
  }

  async note(accountId: AccountId, note: SignInNote, from: Origin | undefined): Promise<void> {
    await this.#source.transaction(async (tx) =>
      noteSignIn(tx, this.#clock, { accountId, note, from }),
    );
  }

  async spend(hash: Uint8Array, expiresAt: Date): Promise<boolean> {
    const [spent] = await rows(
      this.#source,
      `with spent as (insert into spent_challenge (hash, expires_at) values ($1, $2) on conflict do nothing returning hash)
        select from spent`,
      [Buffer.from(hash), expiresAt],
    );
    return spent !== undefined;
  }
}

/** The release before names no account. */
const OWN = `(account_id = $1 or (account_id is null and member_id in (select id from member where account_id = $1)))`;
