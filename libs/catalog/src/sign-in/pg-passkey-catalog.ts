import type {
  Change,
  PasskeyCatalog,
  PasskeyId,
  PasskeyKey,
  StoredPasskey,
} from '@rootcellar/archive';
import type { AccountId, Clock } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { firstRow, rows } from '../sql.js';
import { recordChange } from './change.js';
import type { SignInsEnded } from './pg-account-catalog.js';
import { done } from './pg-second-factor-catalog.js';

export class PgPasskeyCatalog implements PasskeyCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;
  readonly #ended: SignInsEnded;

  constructor(source: DataSource, clock: Clock, ended: SignInsEnded) {
    this.#source = source;
    this.#clock = clock;
    this.#ended = ended;
  }

  async list(accountId: AccountId): Promise<readonly StoredPasskey[]> {
    const found = await rows<PasskeyFound>(
      this.#source,
      `${SELECT} where account_id = $1 order by created_at, id`,
      [accountId],
    );
    return found.map(toPasskey);
  }

  async find(handle: Uint8Array): Promise<StoredPasskey | undefined> {
    const found = await firstRow<PasskeyFound>(this.#source, `${SELECT} where handle = $1`, [
      Buffer.from(handle),
    ]);
    return found && toPasskey(found);
  }

  async add(
    change: Change,
    passkey: PasskeyKey & { readonly id: PasskeyId; readonly name: string },
  ): Promise<boolean> {
    const { accountId } = change;
    const { id, name, handle, publicKey, counter, transports } = passkey;
    const added = await this.#source.transaction(async (tx) => {
      const inserted = await done(
        tx,
        `insert into passkey (id, account_id, name, handle, public_key, counter, transports, created_at)
          values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (handle) do nothing returning id`,
        [
          ...[id, accountId, name, Buffer.from(handle), Buffer.from(publicKey), counter],
          ...[[...transports], this.#clock.now()],
        ],
      );
      if (inserted) await recordChange(tx, this.#clock, change);
      return inserted;
    });
    this.#ended(accountId);
    return added;
  }

  async use(id: PasskeyId, counter: number, now: Date): Promise<boolean> {
    return done(
      this.#source,
      `update passkey set counter = $2, last_used_at = $3 where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id`,
      [id, counter, now],
    );
  }

  async remove(change: Change, id: PasskeyId): Promise<boolean> {
    const { accountId } = change;
    const removed = await this.#source.transaction(async (tx) => {
      const [gone] = await rows<{ name: string }>(
        tx,
        'with gone as (delete from passkey where account_id = $1 and id = $2 returning name) select name from gone',
        [accountId, id],
      );
      if (gone === undefined) return false;
      const note = { ...change.note, subject: `passkey ${gone.name}` };
      await recordChange(tx, this.#clock, { ...change, note });
      return true;
    });
    this.#ended(accountId);
    return removed;
  }
}

const SELECT = `select id, account_id as "accountId", name, handle, public_key as "publicKey", counter, transports,
  created_at as "createdAt", last_used_at as "lastUsedAt" from passkey`;

type PasskeyFound = Omit<StoredPasskey, 'counter'> & { readonly counter: string };

function toPasskey(found: PasskeyFound): StoredPasskey {
  return { ...found, counter: Number(found.counter) };
}
