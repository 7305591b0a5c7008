import type { AuditLine } from '@rootcellar/archive';
import { newId } from '@rootcellar/model';
import type { Clock, HouseholdId, Id } from '@rootcellar/model';
import { SUBJECT } from './bin/subject.sql.js';
import type { Runner } from './sql.js';

export type { AuditLine };

/**
 * Writes lines of the audit trail, within the transaction that did what they tell; as its last step, as the household's other lines wait
 * for its end. The database numbers and chains them (docs/adr/0033).
 */
export async function audit(
  tx: Runner,
  clock: Clock,
  householdId: HouseholdId,
  lines: readonly AuditLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const records = lines.map(({ id, from, ...line }) => ({
    ...line,
    ...from,
    subjectId: id,
    id: newId<Id>(clock),
  }));
  await tx.query(
    `insert into audit (id, household_id, actor_id, concerns_id, rule, action, subject_kind, subject_id, subject, bytes,
        from_address, from_agent, sign_in, owner_id, private)
      select line.id, $1, "memberId", "concernsId", rule, action, line.kind, "subjectId",
        coalesce(subject, ${SUBJECT('named')}), bytes, address, agent,
        credential.name, "ownerId", coalesce(private, false)
      from jsonb_to_recordset($2::jsonb) as line (id uuid, "memberId" uuid, "concernsId" uuid, rule text, action text, kind text,
        "subjectId" uuid, subject text, bytes bigint, address text, agent text, "credentialId" uuid,
        "ownerId" uuid, private boolean)
      cross join lateral (select "subjectId" as id) as named
      left join credential on credential.id = "credentialId"
      order by line.id`,
    [householdId, JSON.stringify(records)],
  );
}
