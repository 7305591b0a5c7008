import { ArchiveError } from '@rootcellar/model';
import type { UploadId } from '@rootcellar/model';
import type { Actor } from '../ports/people-catalog.js';
import type { Upload, UploadCatalog } from '../ports/upload-catalog.js';

/** The actor's upload, whatever its state. @throws ArchiveError NOT_FOUND, also for another member's */
export async function ownUpload(
  uploads: UploadCatalog,
  actor: Actor,
  id: UploadId,
): Promise<Upload> {
  const upload = await uploads.find(id);
  if (upload?.memberId !== actor.memberId || upload.householdId !== actor.householdId) {
    throw new ArchiveError('NOT_FOUND', 'There is no such upload.');
  }
  return upload;
}

/** @throws ArchiveError NOT_FOUND, UPLOAD_NOT_OPEN */
export async function openUploadOf(
  uploads: UploadCatalog,
  actor: Actor,
  id: UploadId,
): Promise<Upload> {
  const upload = await ownUpload(uploads, actor, id);
  if (upload.state !== 'open') throw notOpen();
  return upload;
}

export function notOpen(): ArchiveError {
  return new ArchiveError(
    'UPLOAD_NOT_OPEN',
    'This upload has ended. What it stored is kept for now.',
    {
      hint: 'Start again: what is stored is not sent twice.',
    },
  );
}
