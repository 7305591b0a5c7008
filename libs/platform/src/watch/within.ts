import { ArchiveError } from '@rootcellar/model';

/** The work's outcome, or SERVER_BUSY when it does not come in time; what was begun goes on unheard. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(
      new ArchiveError('SERVER_BUSY', `There was no answer within ${milliseconds / 1000} s.`),
    );
  }, milliseconds);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
