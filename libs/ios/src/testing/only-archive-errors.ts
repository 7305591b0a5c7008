import { isArchiveError } from '@rootcellar/model';

/** Runs `work` on bytes that may be anything: it may refuse them, it may not fail in any other way. */
export function onlyArchiveErrors(work: () => unknown): boolean {
  try {
    work();
  } catch (error) {
    if (!isArchiveError(error)) throw error;
  }
  return true;
}

/** The same for work that takes its time. */
export async function onlyArchiveErrorsAsync(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
  } catch (error) {
    if (!isArchiveError(error)) throw error;
  }
  return true;
}
