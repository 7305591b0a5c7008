import { HOUSEHOLD_WIDE } from './readable-roots.sql.js';

/**
 * SQL: whether `root`, of the same file as a member adds, is told to be kept already: their own is, and the household's, unless they add it for
 * themselves. Another's private one is not: then the file is kept twice, its chunks once.
 */
export const KEPT_ALREADY = (member: string, isPrivate: string): string =>
  `(root.member_id = ${member} or (not ${isPrivate}::boolean and ${HOUSEHOLD_WIDE('root')}))`;
