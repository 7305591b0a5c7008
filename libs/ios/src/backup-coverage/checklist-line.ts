/** What becomes of something after a restore. */
export type Outcome = 'comes-back' | 'fetch-afterwards' | 'gone' | 'unknown';

/** Why it is said, for programs that gather lines: of areas, of every backup, of encrypted ones, of apps. */
export type ChecklistReason =
  | 'area'
  | 'always'
  | 'password'
  | 'known-for'
  | 'no-data'
  | 'settings-only'
  | 'offloaded'
  | 'no-package';

export interface ChecklistLine {
  readonly outcome: Outcome;
  readonly reason: ChecklistReason;
  /** What it is about, for programs: an area, `app:<bundle id>`, or a word of its own. */
  readonly about: string;
  /** One sentence for people. */
  readonly text: string;
}
