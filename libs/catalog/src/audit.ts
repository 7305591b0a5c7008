import type { AuditLine } from '@rootcellar/archive';
import { newId } from '@rootcellar/model';
import type { Clock, HouseholdId, Id } from '@rootcellar/model';
import { SUBJECT } from './bin/subject.sql.js';
import type { Runner } from './sql.js';

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
    `insert into audit (id, household_id, actor_id, concerns_id, rule, action, subject_kind, subject_id, subject, bytes, private,
        from_address, from_agent, sign_in)
      select line.id, $1, "memberId", "concernsId", rule, action, line.kind, "subjectId",
        coalesce(subject, ${SUBJECT('named')} || coalesce(': ' || part, '')), bytes,
         coalesce(line.private, (select household_wide is false from root where root.id = "subjectId"), false), address, agent,
        credential.name
      from jsonb_to_recordset($2::jsonb) as line (id uuid, "memberId" uuid, "concernsId" uuid, rule text, action text, kind text,
        "subjectId" uuid, subject text, part text, bytes bigint, private boolean, address text, agent text, "credentialId" uuid)
      cross join lateral (select "subjectId" as id) as named
      left join credential on credential.id = "credentialId"
      order by line.id`,
    [householdId, JSON.stringify(records)],
  );
}
