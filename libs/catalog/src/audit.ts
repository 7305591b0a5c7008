import type { SignInNote } from '@rootcellar/archive';
import { newId } from '@rootcellar/model';
import type { Clock, HouseholdId, Id, MemberId } from '@rootcellar/model';
import type { Runner } from './sql.js';

export interface AuditLine {
  readonly action:
    | 'forgotten'
    | 'undone'
    | 'removed'
    | 'pinned'
    | 'unpinned'
    | 'policy-set'
    | 'collected'
    | 'bin-emptied'
    | 'restored'
    | 'downloaded'
    | 'shared'
    | 'share-revoked'
    | 'share-refused'
    | 'made-private'
    | 'made-household-wide'
    | 'device-assigned'
    | 'device-renamed'
    | 'device-retired'
    | 'device-reactivated'
    | 'device-continued'
    | 'device-pushers-set'
    | 'household-created'
    | 'invited'
    | 'invitation-revoked'
    | 'joined'
    | 'renamed'
    | 'role-changed'
    | 'hand-over-asked'
    | 'handed-over'
    | 'member-leaving'
    | 'member-removed'
    | 'token-created'
    | 'token-revoked'
    | 'device-approved'
    | 'quota-set'
    | 'quota-reached'
    | 'sharing-set'
    | SignInNote['action'];
  readonly kind:
    | 'snapshot'
    | 'artifact'
    | 'household'
    | 'account'
    | 'device'
    | 'member'
    | 'invitation'
    | 'token'
    | 'sign-in';
  readonly id?: Id | undefined;
  readonly subject: string;
  readonly bytes?: number | undefined;
  readonly memberId?: MemberId | undefined;
  /** Whom it concerns, if that is another: they see the line. */
  readonly concernsId?: MemberId | undefined;
  readonly rule?: string | undefined;
  /** Whose thing it tells of. */
  readonly ownerId?: MemberId | undefined;
  /** Nobody but who did it and the owner hears of it, administrators neither. */
  readonly private?: boolean | undefined;
}

/** Writes lines of the audit trail, within the transaction that did what they tell. */
export async function audit(
  tx: Runner,
  clock: Clock,
  householdId: HouseholdId,
  lines: readonly AuditLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const records = lines.map(({ id, ...line }) => ({
    ...line,
    subjectId: id,
    id: newId<Id>(clock),
  }));
  await tx.query(
    `insert into audit (id, household_id, actor_id, rule, action, subject_kind, subject_id, subject, bytes, owner_id, private)
      select id, $1, "memberId", rule, action, kind, "subjectId", subject, bytes, "ownerId", coalesce(private, false)
      from jsonb_to_recordset($2::jsonb) as line (id uuid, "memberId" uuid, rule text, action text, kind text,
        "subjectId" uuid, subject text, bytes bigint, "ownerId" uuid, private boolean)`,
    [householdId, JSON.stringify(records)],
  );
}
