/** A container as 65,536 bits in 2048 words, the lowest bit of each first. */
export const CONTAINER_WORDS = 2048;

/** @param at where 8192 bytes of words begin, little-endian */
export function readWords(view: DataView, at: number, words: Int32Array): void {
  for (let index = 0; index < CONTAINER_WORDS; index++) {
    words[index] = view.getInt32(at + 4 * index, true);
  }
}

/**
 * Adds the bits of a serialised container to `words`.
 * @returns how many bits it has
 */
export function orWords(words: Int32Array, view: DataView, at: number): number {
  let count = 0;
  for (let index = 0; index < CONTAINER_WORDS; index++) {
    const word = view.getInt32(at + 4 * index, true);
    words[index] = (words[index] ?? 0) | word;
    count += countBits(word);
  }
  return count;
}

/** Sets the bits of [first, end), which has at least one. */
export function setRun(words: Int32Array, first: number, end: number): void {
  const firstWord = first >>> 5;
  const lastWord = (end - 1) >>> 5;
  const fromFirst = -1 << (first & 31);
  const toLast = -1 >>> (31 - ((end - 1) & 31));
  if (firstWord === lastWord) {
    words[firstWord] = (words[firstWord] ?? 0) | (fromFirst & toLast);
    return;
  }
  words[firstWord] = (words[firstWord] ?? 0) | fromFirst;
  for (let word = firstWord + 1; word < lastWord; word++) words[word] = -1;
  words[lastWord] = (words[lastWord] ?? 0) | toLast;
}

/**
 * Writes where runs of bits begin and end: first, end, first, end …
 * @returns how many borders were written; at most 65,536
 */
export function findBorders(words: Int32Array, borders: Uint32Array): number {
  let length = 0;
  let before = 0;
  for (let index = 0; index < CONTAINER_WORDS; index++) {
    const word = words[index] ?? 0;
    // A bit that differs from the one below it is a border; words of only ones or zeros seldom have any.
    let left = word ^ ((word << 1) | before);
    before = word >>> 31;
    while (left !== 0) {
      const lowest = left & -left;
      borders[length++] = 32 * index + 31 - Math.clz32(lowest);
      left ^= lowest;
    }
  }
  if (before === 1) borders[length++] = 32 * CONTAINER_WORDS;
  return length;
}

/** By sums of pairs, of fours, of eights, of all; Warren, Hacker's Delight, 5–1. */
function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
