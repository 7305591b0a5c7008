import type { Actor } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { visibleAudit } from '../gate/visible-audit.sql.js';
import { rows } from '../sql.js';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

export interface AuditView {
  readonly id: string;
  readonly at: Date;
  /** Who did it; `null` when a rule did it by itself. */
  readonly member: string | null;
  /** Whom it concerns, if anybody. */
  readonly concerns: string | null;
  readonly rule: string | null;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string | null;
  readonly subject: string;
  readonly bytes: number | null;
  /** From where, and with what sign-in. */
  readonly fromAddress: string | null;
  readonly fromAgent: string | null;
  readonly signIn: string | null;
  /** The line's number in the household, and the SHA-256 that chains it; 64 hex digits. */
  readonly seq: number;
  readonly hash: string;
}

type AuditViewRow = Omit<AuditView, 'bytes' | 'seq'> & {
  readonly bytes: string | null;
  readonly seq: string;
};

const VISIBLE = `
  select audit.id, at, member.name as member, concerned.name as concerns, rule, action, subject_kind as "subjectKind",
    told_id as "subjectId", told as subject, bytes,
    case when own or actor_id is null then from_address end as "fromAddress",
    case when own then from_agent end as "fromAgent", case when own then sign_in end as "signIn",
    seq, encode(hash, 'hex') as hash
  from ${visibleAudit({ household: '$3', member: '$4', admin: '$5' })} as audit
    left join member on member.id = actor_id left join member as concerned on concerned.id = concerns_id`;

/** Newest first. */
export async function listAudit(
  source: DataSource,
  actor: Actor,
  page: PageRequest,
): Promise<Page<AuditView>> {
  return pageOf<AuditViewRow, AuditView>(source, {
    sql: `${VISIBLE}
      where $1::uuid is null or seq < (select seq from audit where id = $1) order by seq desc limit $2`,
    parameters: parametersOf(actor),
    page,
    toItem,
  });
}

const LINES_A_READ = 500;

/** Everything the actor may see, oldest first, a few hundred lines in memory at a time. */
export async function* allAudit(source: DataSource, actor: Actor): AsyncGenerator<AuditView> {
  let after = 0;
  for (;;) {
    const found: AuditViewRow[] = await rows<AuditViewRow>(
      source,
      `${VISIBLE} where seq > $1 order by seq limit $2`,
      [after, LINES_A_READ, ...parametersOf(actor)],
    );
    for (const row of found) yield toItem(row);
    after = Number(found.at(-1)?.seq ?? 0);
    if (found.length < LINES_A_READ) return;
  }
}

function parametersOf({ householdId, memberId, role }: Actor): unknown[] {
  return [householdId, memberId, role === 'admin'];
}

function toItem(row: AuditViewRow): AuditView {
  return { ...row, seq: Number(row.seq), bytes: row.bytes === null ? null : Number(row.bytes) };
}
