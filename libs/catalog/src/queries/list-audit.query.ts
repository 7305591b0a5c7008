import type { Actor } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

export interface AuditView {
  readonly id: string;
  readonly at: Date;
  /** Who did it; `null` when a rule did it by itself. */
  readonly member: string | null;
  readonly rule: string | null;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string | null;
  readonly subject: string;
  readonly bytes: number | null;
}

type AuditViewRow = Omit<AuditView, 'bytes'> & { readonly bytes: string | null };

/** The household's audit trail, newest first. For administrators; the caller sees to that. */
export async function listAudit(
  source: DataSource,
  actor: Actor,
  page: PageRequest,
): Promise<Page<AuditView>> {
  return pageOf<AuditViewRow, AuditView>(source, {
    sql: `select audit.id, at, member.name as member, rule, action, subject_kind as "subjectKind",
        subject_id as "subjectId", subject, bytes
      from audit left join member on member.id = actor_id
      where audit.household_id = $3 and ($1::uuid is null or audit.id < $1)
      order by audit.id desc limit $2`,
    parameters: [actor.householdId],
    page,
    toItem: (row) => ({ ...row, bytes: row.bytes === null ? null : Number(row.bytes) }),
  });
}
