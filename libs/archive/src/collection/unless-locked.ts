import { isArchiveError } from '@rootcellar/model';

/** @returns false when the store has locked the object (S3 object lock): it stays, and whoever wants it gone asks again later */
export async function unlessLocked(remove: () => Promise<void>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (error) {
    if (isArchiveError(error, 'OBJECT_LOCKED')) return false;
    throw error;
  }
}
