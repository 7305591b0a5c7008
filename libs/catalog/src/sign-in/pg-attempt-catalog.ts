import type { AttemptCatalog, AttemptCount } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { firstRow, rows } from '../sql.js';
import type { Runner } from '../sql.js';

/** Failures are forgotten when there was none for a day. */
const FORGET = `interval '1 day'`;
/** How long a sender who succeeded is known. */
const KNOWN = `interval '90 days'`;
const WAIT_S = 5;
const WAIT_MAX_S = 900;

export class PgAttemptCatalog implements AttemptCatalog {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  async take(
    counts: readonly AttemptCount[],
    unless: number,
    now: Date,
  ): Promise<Date | undefined> {
    const runner = this.#source.createQueryRunner();
    try {
      await runner.startTransaction();
      const [first] = counts;
      const known =
        unless < counts.length && first !== undefined && (await isKnown(runner, first, now));
      // In one order: two attempts at a time must not wait for each other.
      for (const count of inOrder(known ? counts.slice(0, unless) : counts)) {
        if (await counted(runner, count, now)) continue;
        await runner.rollbackTransaction();
        return await latestWait(runner, counts, now);
      }
      await runner.commitTransaction();
      return undefined;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  async giveBack(counts: readonly AttemptCount[], known: boolean, now: Date): Promise<void> {
    await this.#source.transaction(async (tx) => {
      const [pair] = counts;
      for (const count of inOrder(counts)) {
        const own = count === pair && counts.length > 1;
        // About one's own account from where one is, all is forgotten; elsewhere only what this attempt added.
        await tx.query(
          `update attempt set failures = case when $2 then 0 else greatest(0, failures - 1) end,
              blocked_until = case when $2 or failures - 1 <= $3 then null else blocked_until end,
              succeeded_at = case when $2 and $4 then $5::timestamptz else succeeded_at end
            where key = $1`,
          [Buffer.from(count.key), own, count.free, known, now],
        );
      }
    });
  }

  async prune(now: Date): Promise<void> {
    await this.#source.query(
      `delete from attempt where at < $1::timestamptz - ${FORGET}
        and (blocked_until is null or blocked_until < $1) and (succeeded_at is null or succeeded_at < $1::timestamptz - ${KNOWN})`,
      [now],
    );
    await this.#source.query('delete from spent_challenge where expires_at < $1', [now]);
  }
}

async function isKnown(runner: Runner, { key }: AttemptCount, now: Date): Promise<boolean> {
  const found = await firstRow(
    runner,
    `select from attempt where key = $1 and succeeded_at > $2::timestamptz - ${KNOWN}`,
    [Buffer.from(key), now],
  );
  return found !== undefined;
}

/** Counts a failure, and how long the one after it waits. @returns false when it is to wait now */
async function counted(runner: Runner, { key, free }: AttemptCount, now: Date): Promise<boolean> {
  const found = await rows(
    runner,
    `with counted as (
        insert into attempt (key, failures, at, blocked_until) values ($1, 1, $2, ${waitAfter('1')})
        on conflict (key) do update set at = $2,
          failures = case when attempt.at < $2::timestamptz - ${FORGET} then 1 else attempt.failures + 1 end,
          blocked_until = case when attempt.at < $2::timestamptz - ${FORGET} then ${waitAfter('1')}
            else ${waitAfter('attempt.failures + 1')} end
        where attempt.blocked_until is null or attempt.blocked_until <= $2
        returning key)
      select from counted`,
    [Buffer.from(key), now, free],
  );
  return found.length > 0;
}

/** The first failure beyond those that are free waits five seconds, each next one twice as long. */
function waitAfter(failures: string): string {
  return `(case when ${failures} < $3::integer then null
    else $2::timestamptz + make_interval(secs => least(${WAIT_MAX_S}, ${WAIT_S} * power(2, least(20, ${failures} - $3::integer)))) end)`;
}

async function latestWait(
  runner: Runner,
  counts: readonly AttemptCount[],
  now: Date,
): Promise<Date> {
  const found = await firstRow<{ until: Date | null }>(
    runner,
    'select max(blocked_until) as until from attempt where key = any($1::bytea[])',
    [counts.map(({ key }) => Buffer.from(key))],
  );
  return found?.until ?? now;
}

function inOrder(counts: readonly AttemptCount[]): readonly AttemptCount[] {
  return counts.toSorted((a, b) => Buffer.compare(a.key, b.key));
}
