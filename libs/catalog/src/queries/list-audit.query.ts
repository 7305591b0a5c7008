import type { Actor } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { visibleAudit } from '../gate/visible-audit.sql.js';
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

/** What concerns the member of the household's audit trail, newest first; for administrators all that is not private. */
export async function listAudit(
  source: DataSource,
  actor: Actor,
  page: PageRequest,
): Promise<Page<AuditView>> {
  return pageOf<AuditViewRow, AuditView>(source, {
    sql: `select audit.id, at, member.name as member, rule, action, subject_kind as "subjectKind",
        subject_id as "subjectId", subject, bytes
      from ${visibleAudit({ household: '$3', member: '$4', admin: '$5' })} as audit left join member on member.id = actor_id
      where $1::uuid is null or audit.id < $1
      order by audit.id desc limit $2`,
    parameters: [actor.householdId, actor.memberId, actor.role === 'admin'],
    page,
    toItem: (row) => ({ ...row, bytes: row.bytes === null ? null : Number(row.bytes) }),
  });
}
