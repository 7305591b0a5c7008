import type { Doer } from '@rootcellar/archive';
import type { Clock, HouseholdId, MemberId, RootId } from '@rootcellar/model';
import { audit } from '../audit.js';
import { CONCERNS } from '../bin/concerns.sql.js';
import type { Concerns } from '../bin/concerns.sql.js';
import { SUBJECT } from '../bin/subject.sql.js';
import { HOUSEHOLD_WIDE } from '../gate/readable-roots.sql.js';
import { rows } from '../sql.js';
import type { Runner } from '../sql.js';

interface Place {
  readonly clock: Clock;
  readonly householdId: HouseholdId;
  /** Who ends the membership; undefined: its time was over. */
  readonly by: Doer | undefined;
}

interface Moved extends Concerns {
  readonly id: RootId;
  readonly kind: 'snapshot' | 'artifact';
  readonly subject: string;
}

export const MEMBER_REMOVED = 'member-removed';

/** Uploads of theirs end. One that is being committed is waited for, and what it made is theirs like the rest. */
export async function endUploads(tx: Runner, id: MemberId): Promise<void> {
  await tx.query(
    `with ended as (
        update upload set state = 'abandoned' where member_id = $1 and state = 'open' returning id)
      delete from upload_pack using ended where upload_id = ended.id`,
    [id],
  );
}

/** What they gave others to read, were given, and might push for others, is over. */
export async function endShares(tx: Runner, id: MemberId): Promise<void> {
  await tx.query(
    `update share set ended_at = now() from root
      where root.id = root_id and ended_at is null and (receiver_id = $1 or root.member_id = $1)`,
    [id],
  );
  await tx.query(
    `delete from device_pusher using device where device.id = device_id and (member_id = $1 or owner_id = $1)`,
    [id],
  );
}

/** What is theirs alone, in the bin for the household's undo time; pins held it for them, and hold it no more. What is the household's stays. */
export async function putIntoBin(
  tx: Runner,
  { clock, householdId, by }: Place,
  id: MemberId,
  binDays: number,
): Promise<void> {
  const moved = await rows<Moved>(
    tx,
    `with moved as (
        update root set pinned_at = null, forgotten_at = now(), gone_after = now() + $3 * interval '1 day', forgotten_by = $4,
          forgotten_rule = $5
        where household_id = $1 and member_id = $2 and not ${HOUSEHOLD_WIDE('root')} and forgotten_at is null
        returning *)
      select moved.id, moved.kind, ${SUBJECT('moved')} as subject, ${CONCERNS('moved')} from moved`,
    [householdId, id, binDays, by?.memberId ?? null, MEMBER_REMOVED],
  );
  await audit(
    tx,
    clock,
    householdId,
    moved.map((root) => ({ ...root, action: 'forgotten', ...by, rule: MEMBER_REMOVED })),
  );
}

/** All of theirs, in the bin or not, and their devices: another member's from now on. */
export async function handOver(
  tx: Runner,
  { householdId }: Place,
  from: MemberId,
  to: MemberId,
): Promise<void> {
  await tx.query('update root set member_id = $3 where household_id = $1 and member_id = $2', [
    householdId,
    from,
    to,
  ]);
  await tx.query('update device set owner_id = $3 where household_id = $1 and owner_id = $2', [
    householdId,
    from,
    to,
  ]);
}
