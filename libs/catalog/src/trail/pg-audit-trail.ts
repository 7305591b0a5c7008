import type { AuditHead, AuditLine, AuditTrail, AuditVerification } from '@rootcellar/archive';
import type { Clock, HouseholdId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { audit } from '../audit.js';
import { firstRow, rows } from '../sql.js';
import { NO_LINE, lineHash } from './line-hash.js';
import type { ChainedLine } from './line-hash.js';

type StoredLine = ChainedLine & { readonly prevHash: Buffer | null; readonly hash: Buffer | null };

const LINES_A_PAGE = 1000;

export class PgAuditTrail implements AuditTrail {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async note(householdId: HouseholdId, lines: readonly AuditLine[]): Promise<void> {
    await audit(this.#source, this.#clock, householdId, lines);
  }

  async noteOnce(householdId: HouseholdId, line: AuditLine, hours: number): Promise<void> {
    const noted = await firstRow(
      this.#source,
      `select from audit where household_id = $1 and subject_id = $2 and action = $3 and actor_id = $4
          and sign_in is not distinct from (select name from credential where id = $5)
          and at > now() - $6 * interval '1 hour' limit 1`,
      [
        ...[householdId, line.id, line.action, line.memberId ?? null],
        ...[line.from?.credentialId ?? null, hours],
      ],
    );
    if (noted === undefined) await this.note(householdId, [line]);
  }

  async head(householdId: HouseholdId): Promise<AuditHead> {
    const head = await firstRow<{ seq: string; hash: Buffer }>(
      this.#source,
      'select seq, hash from audit_head where household_id = $1',
      [householdId],
    );
    return { seq: Number(head?.seq ?? 0), hash: (head?.hash ?? NO_LINE).toString('hex') };
  }

  async verify(
    householdId: HouseholdId,
    { kept, fromSeq = 1 }: { readonly kept?: AuditHead | undefined; readonly fromSeq?: number },
  ): Promise<AuditVerification> {
    // Read first: lines that are added meanwhile lie behind it.
    const head = await this.head(householdId);
    const from = Math.max(1, fromSeq);
    let before = await this.#hashOf(householdId, from - 1);
    let next = from;
    const broken = (seq: number, why: string): AuditVerification => ({
      ...{ lines: next - from, head, broken: { seq, why } },
    });
    while (next <= head.seq) {
      const page = await this.#lines(
        householdId,
        next,
        Math.min(LINES_A_PAGE, head.seq - next + 1),
      );
      if (page.length === 0) return broken(next, 'the line is missing');
      for (const line of page) {
        if (Number(line.seq) !== next) return broken(next, 'the line is missing');
        if (before !== undefined && line.prevHash?.equals(before) !== true)
          return broken(next, 'it does not follow the line before it');
        const hash = lineHash(line, line.prevHash ?? NO_LINE);
        if (line.hash?.equals(hash) !== true) return broken(next, 'it is not as it was written');
        before = hash;
        next += 1;
      }
    }
    if (head.seq >= from && before?.toString('hex') !== head.hash)
      return broken(head.seq, 'it is not the line that was written last');
    const known = kept === undefined ? undefined : await this.#hashOf(householdId, kept.seq);
    if (kept !== undefined && known?.toString('hex') !== kept.hash)
      return broken(kept.seq, 'it is not the line whose hash was kept');
    return { lines: next - from, head, broken: undefined };
  }

  async #hashOf(householdId: HouseholdId, seq: number): Promise<Buffer | undefined> {
    if (seq === 0) return NO_LINE;
    const line = await firstRow<{ hash: Buffer }>(
      this.#source,
      'select hash from audit where household_id = $1 and seq = $2',
      [householdId, seq],
    );
    return line?.hash;
  }

  async #lines(householdId: HouseholdId, from: number, most: number): Promise<StoredLine[]> {
    return rows<StoredLine>(
      this.#source,
      `select household_id as "householdId", seq::text, id::text, trunc(extract(epoch from at) * 1000000)::text as "atMicros",
          actor_id as "actorId", concerns_id as "concernsId", rule, action, subject_kind as "subjectKind",
          subject_id as "subjectId", subject, bytes::text, private::text, from_address as "fromAddress", from_agent as "fromAgent",
          sign_in as "signIn", prev_hash as "prevHash", hash
        from audit where household_id = $1 and seq >= $2 order by audit.seq limit $3`,
      [householdId, from, most],
    );
  }
}
