import { Foundations1795000000000 } from './1795000000000-foundations.js';
import { NeededBytes1795200000000 } from './1795200000000-needed-bytes.js';
import { Retention1795100000000 } from './1795100000000-retention.js';

/** In the order they are applied. Append only: a released migration is never edited. */
export const MIGRATIONS = [
  Foundations1795000000000,
  Retention1795100000000,
  NeededBytes1795200000000,
] as const;
