import { ArchiveError } from '@rootcellar/model';
import type { SnapshotId } from '@rootcellar/model';
import type { Actor } from '../ports/people-catalog.js';
import type { ReadableSnapshot, ReadingCatalog } from '../ports/root-catalog.js';

/**
 * The one gate to a snapshot's content: the device's owner passes, nobody else; an administrator is nobody else here.
 * @throws ArchiveError NOT_FOUND, the same for another member's snapshot and for none
 */
export async function findReadableSnapshot(
  reading: ReadingCatalog,
  actor: Actor,
  id: SnapshotId,
): Promise<ReadableSnapshot> {
  const snapshot = await reading.findSnapshot(actor.householdId, id);
  if (snapshot?.ownerId !== actor.memberId) {
    throw new ArchiveError('NOT_FOUND', 'There is no such snapshot, or it is not yours.', {
      hint: '`rootcellar snapshot list` shows yours.',
    });
  }
  return snapshot;
}
