import { createDice } from './dice.js';
import type { Dice } from './dice.js';

const SYLLABLES = 'ka to mi ra ne so li ven dor ex pla un ter qui bo ash er in the on al y'.split(
  ' ',
);
const VOCABULARY = 6000;
/** Draws are 16 bits wide: the table maps each to a word, frequent words many times (Zipf). */
const TABLE_SIZE = 1 << 16;

const words = vocabulary();
const table = zipfTable();

/** Text that compresses about as messages and notes do: exactly `length` ASCII characters. */
export function prose(dice: Dice, length: number): string {
  let text = '';
  while (text.length < length) {
    const draw = dice.int(0, 0xffffffff);
    text += `${word(draw & 0xffff)} ${word(draw >>> 16)} `;
  }
  return text.slice(0, length);
}

function word(draw: number): string {
  return words[table[draw] ?? 0] ?? '';
}

function vocabulary(): string[] {
  const dice = createDice('vocabulary');
  return Array.from({ length: VOCABULARY }, () =>
    Array.from({ length: dice.int(1, 4) }, () => SYLLABLES[dice.int(0, SYLLABLES.length - 1)]).join(
      '',
    ),
  );
}

/** The quantiles of a Pareto distribution with exponent 0.7, as whole word numbers. */
function zipfTable(): Uint16Array {
  return Uint16Array.from({ length: TABLE_SIZE }, (_, at) => {
    const rank = Math.floor((1 - at / TABLE_SIZE) ** (-1 / 0.7)) - 1;
    return Math.min(VOCABULARY - 1, rank);
  });
}
