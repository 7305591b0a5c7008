import type { MemberId } from '@rootcellar/model';

/** Whom an audit line about a root concerns. */
export interface Concerns {
  readonly concernsId: MemberId;
  readonly private: boolean;
}

/** SQL for that; `root` is the alias of the table, or of something with its columns. A private package is nobody else's business. */
export const CONCERNS = (root: string): string =>
  `${root}.member_id as "concernsId", ${root}.household_wide is false as private`;
