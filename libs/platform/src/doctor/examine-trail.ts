import type { AuditTrail } from '@rootcellar/archive';
import type { HouseholdId } from '@rootcellar/model';
import { fail, ok } from './finding.js';
import type { Finding } from './finding.js';

/** As many as are reckoned anew in a second or two; `rootcellar audit verify` takes all. */
const LINES = 20_000;

/** Whether the last lines of the audit trail are as they were written. */
export async function examineTrail(audit: AuditTrail, householdId: HouseholdId): Promise<Finding> {
  const id = 'audit-trail';
  const { seq } = await audit.head(householdId);
  const { broken, lines } = await audit.verify(householdId, { fromSeq: seq - LINES + 1 });
  if (broken === undefined)
    return ok(id, `The last ${lines} lines of the audit trail are as they were written.`);
  return fail(id, {
    what: `Line ${broken.seq} of the audit trail: ${broken.why}.`,
    meaning:
      'Somebody who has the database changed what it tells of who did what. Backups and packages are not touched.',
    remedy:
      'Look with `rootcellar audit verify`, compare with a head that was kept elsewhere, and change the password of the database.',
  });
}
