import { ArchiveError } from '@rootcellar/model';
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** Longer ones are not looked at beyond it: the work grows faster than the length, and nobody else is answered meanwhile. */
const LOOKED_AT = 64;
/** Of 4; 3 takes 10¹⁰ guesses, which the slow hash makes years. */
const SCORE_MIN = 3;

/**
 * @param about what an attacker would try first: the person's name and address
 * @throws ArchiveError PASSWORD_WEAK saying why and what helps, never the password
 */
export async function requireStrength(password: string, about: readonly string[]): Promise<void> {
  const zxcvbn = await (estimator ??= loadEstimator());
  const inputs = ['rootcellar', ...about.flatMap(wordsOf)];
  const { score, feedback } = zxcvbn.check(
    Array.from(password).slice(0, LOOKED_AT).join(''),
    inputs,
  );
  if (score >= SCORE_MIN) return;
  const why = feedback.warning ?? 'It would be guessed soon.';
  const [suggestion] = feedback.suggestions;
  throw new ArchiveError(
    'PASSWORD_WEAK',
    `This password is too weak. ${why} Nothing was changed.`,
    {
      hint: suggestion ?? 'Three or four words that do not belong together make a good one.',
      details: { score, needed: SCORE_MIN },
    },
  );
}

function wordsOf(text: string): readonly string[] {
  const words = text.slice(0, 254).split(/[\s@._+-]+/);
  return [text.slice(0, 254), ...words.slice(0, 20)].filter((word) => word.length > 2);
}

let estimator: Promise<ZxcvbnFactory> | undefined;

/** A few megabytes of words: only a process that sets a password has them. */
async function loadEstimator(): Promise<ZxcvbnFactory> {
  const [core, common, en, de] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
    import('@zxcvbn-ts/language-de'),
  ]);
  return new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...en.dictionary, ...de.dictionary },
    graphs: common.adjacencyGraphs,
    translations: en.translations,
    maxLength: LOOKED_AT,
  });
}
