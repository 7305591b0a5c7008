import { ArchiveError } from '@rootcellar/model';
import type { SnapshotId } from '@rootcellar/model';
import type { Actor } from '../ports/people-catalog.js';
import type { ReadableSnapshot, ReadingCatalog } from '../ports/root-catalog.js';

/**
 * The one way to a snapshot's content: what the gate of the catalog lets its reader have. A role opens nothing.
 * @throws ArchiveError NOT_FOUND, the same for another member's snapshot and for none
 */
export async function findReadableSnapshot(
  reading: ReadingCatalog,
  actor: Actor,
  id: SnapshotId,
): Promise<ReadableSnapshot> {
  const snapshot = await reading.findSnapshot(actor, id);
  if (snapshot === undefined) {
    throw new ArchiveError('NOT_FOUND', 'There is no such snapshot, or it is not yours.', {
      hint: '`rootcellar snapshot list` shows yours.',
    });
  }
  return snapshot;
}

/** @throws ArchiveError NOT_FOUND; FORBIDDEN when only an app's data was shared */
export async function findWholeSnapshot(
  reading: ReadingCatalog,
  actor: Actor,
  id: SnapshotId,
): Promise<ReadableSnapshot> {
  const snapshot = await findReadableSnapshot(reading, actor, id);
  if (snapshot.only !== undefined) {
    throw new ArchiveError(
      'FORBIDDEN',
      'Of this snapshot the data of an app was shared with you, not all of it.',
      { hint: '`rootcellar snapshot ls` shows its domains; restore them with --domain.' },
    );
  }
  return snapshot;
}
