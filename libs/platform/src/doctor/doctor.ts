import { isArchiveError } from '@rootcellar/model';
import type { Clock, HouseholdId } from '@rootcellar/model';
import { VERSION } from '../version.js';
import { within } from '../watch/within.js';
import { fail, ok, worstOf } from './finding.js';
import type { Finding, Level } from './finding.js';

/** One part of the set-up: looks, and says what it found. */
export interface Examination {
  /** Also the finding's id when the examination itself fails. */
  readonly id: string;
  /** As in "The database cannot be examined". */
  readonly what: string;
  readonly examine: (householdId: HouseholdId) => Promise<readonly Finding[]>;
}

export interface DoctorReport {
  readonly version: string;
  readonly checkedAt: Date;
  readonly level: Level;
  readonly findings: readonly Finding[];
}

/** Longer than the steps of an examination together may take. */
const EXAMINATION_MS = 45_000;

/** Looks at the whole set-up. One part that fails, or hangs, does not hide the others. */
export class Doctor {
  readonly #examinations: readonly Examination[];
  readonly #clock: Clock;

  constructor(examinations: readonly Examination[], clock: Clock) {
    this.#examinations = examinations;
    this.#clock = clock;
  }

  async examine(householdId: HouseholdId): Promise<DoctorReport> {
    const found = await Promise.all(
      this.#examinations.map(async (one) => examined(one, householdId)),
    );
    const node = ok('service', `Rootcellar ${VERSION} answers, on Node ${process.versions.node}.`);
    const findings = [node, ...found.flat()];
    return { version: VERSION, checkedAt: this.#clock.now(), level: worstOf(findings), findings };
  }
}

async function examined(
  { id, what, examine }: Examination,
  householdId: HouseholdId,
): Promise<readonly Finding[]> {
  try {
    return await within(EXAMINATION_MS, examine(householdId));
  } catch (error) {
    const code = isArchiveError(error) ? error.code : 'INTERNAL';
    return [
      fail(id, {
        what: `The ${what} cannot be examined (${code}).`,
        meaning: 'It does not answer, or refuses what the service must be able to ask.',
        remedy: 'See docs/errors.md for the code, and the log of the service.',
      }),
    ];
  }
}
