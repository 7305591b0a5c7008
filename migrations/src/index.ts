import { Foundations1795000000000 } from './1795000000000-foundations.js';

/** In the order they are applied. Append only: a released migration is never edited. */
export const MIGRATIONS = [Foundations1795000000000] as const;
