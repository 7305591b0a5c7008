import type { Change, SecondFactorCatalog, Totp } from '@rootcellar/archive';
import type { AccountId, Clock } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { firstRow, rows } from '../sql.js';
import type { Runner } from '../sql.js';
import { recordChange } from './change.js';
import type { SignInsEnded } from './pg-account-catalog.js';

export class PgSecondFactorCatalog implements SecondFactorCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;
  readonly #ended: SignInsEnded;

  constructor(source: DataSource, clock: Clock, ended: SignInsEnded) {
    this.#source = source;
    this.#clock = clock;
    this.#ended = ended;
  }

  async findTotp(accountId: AccountId): Promise<Totp | undefined> {
    return firstRow<Totp>(
      this.#source,
      `select sealed_secret as "sealedSecret", confirmed_at is not null as confirmed from totp where account_id = $1`,
      [accountId],
    );
  }

  async beginTotp(accountId: AccountId, sealedSecret: Uint8Array): Promise<boolean> {
    return done(
      this.#source,
      `insert into totp (account_id, sealed_secret, created_at) values ($1, $2, $3)
        on conflict (account_id) do update set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
        where totp.confirmed_at is null returning account_id`,
      [accountId, Buffer.from(sealedSecret), this.#clock.now()],
    );
  }

  async confirmTotp(
    change: Change,
    { step, codeHashes }: { readonly step: number; readonly codeHashes: readonly Uint8Array[] },
  ): Promise<boolean> {
    const { accountId } = change;
    const confirmed = await this.#source.transaction(async (tx) => {
      const now = await done(
        tx,
        `update totp set confirmed_at = $2, last_step = $3 where account_id = $1 and confirmed_at is null returning account_id`,
        [accountId, this.#clock.now(), step],
      );
      if (!now) return false;
      await replaceCodes(tx, accountId, codeHashes);
      await recordChange(tx, this.#clock, change);
      return true;
    });
    this.#ended(accountId);
    return confirmed;
  }

  async useStep(accountId: AccountId, step: number): Promise<boolean> {
    return done(
      this.#source,
      `update totp set last_step = $2 where account_id = $1 and confirmed_at is not null
        and (last_step is null or last_step < $2) returning account_id`,
      [accountId, step],
    );
  }

  async removeTotp(change: Change): Promise<boolean> {
    const { accountId } = change;
    const removed = await this.#source.transaction(async (tx) => {
      const gone = await done(
        tx,
        'delete from totp where account_id = $1 and confirmed_at is not null returning account_id',
        [accountId],
      );
      if (!gone) return false;
      await replaceCodes(tx, accountId, []);
      await recordChange(tx, this.#clock, change);
      return true;
    });
    this.#ended(accountId);
    return removed;
  }

  async replaceRecoveryCodes(
    accountId: AccountId,
    codeHashes: readonly Uint8Array[],
  ): Promise<void> {
    await this.#source.transaction(async (tx) => {
      // Two at a time: those of the second are good, and no others.
      await tx.query('select from account where id = $1 for update', [accountId]);
      await replaceCodes(tx, accountId, codeHashes);
    });
  }

  async useRecoveryCode(accountId: AccountId, codeHash: Uint8Array): Promise<boolean> {
    return done(
      this.#source,
      'delete from recovery_code where account_id = $1 and code_hash = $2 returning account_id',
      [accountId, Buffer.from(codeHash)],
    );
  }

  async recoveryCodesLeft(accountId: AccountId): Promise<number> {
    const found = await firstRow<{ left: number }>(
      this.#source,
      'select count(*)::integer as left from recovery_code where account_id = $1',
      [accountId],
    );
    return found?.left ?? 0;
  }
}

async function replaceCodes(
  tx: Runner,
  accountId: AccountId,
  codeHashes: readonly Uint8Array[],
): Promise<void> {
  await tx.query('delete from recovery_code where account_id = $1', [accountId]);
  for (const hash of codeHashes)
    await tx.query('insert into recovery_code (account_id, code_hash) values ($1, $2)', [
      accountId,
      Buffer.from(hash),
    ]);
}

/** Whether a statement that changes, with `returning`, changed anything. */
export async function done(runner: Runner, sql: string, parameters: unknown[]): Promise<boolean> {
  const found = await rows(runner, `with changed as (${sql}) select from changed`, parameters);
  return found.length > 0;
}
