import { CONTAINER_WORDS } from './container-words.js';

/** Bits of a container from `base` on, and what each ordinal of the household weighs. */
export interface WeighedPage {
  readonly words: Int32Array;
  readonly base: number;
  readonly weights: Uint32Array;
}

/**
 * What the ordinals of [first, end), a run of the container, weigh that the page lacks.
 * @param keep puts them there
 */
export function lackedByRun(page: WeighedPage, first: number, end: number, keep: boolean): number {
  const { words } = page;
  const lastWord = (end - 1) >>> 5;
  const toLast = -1 >>> (31 - ((end - 1) & 31));
  let mask = -1 << (first & 31);
  let bytes = 0;
  for (let word = first >>> 5; word <= lastWord; word++) {
    const had = words[word] ?? 0;
    const lacked = (word === lastWord ? mask & toLast : mask) & ~had;
    mask = -1;
    if (lacked === 0) continue;
    bytes += weigh(page, word, lacked);
    if (keep) words[word] = had | lacked;
  }
  return bytes;
}

/** The same of all bits of a serialised container. @param at where its words begin */
export function lackedByBitmap(
  page: WeighedPage,
  view: DataView,
  at: number,
  keep: boolean,
): number {
  const { words } = page;
  let bytes = 0;
  for (let word = 0; word < CONTAINER_WORDS; word++) {
    const had = words[word] ?? 0;
    const lacked = view.getInt32(at + 4 * word, true) & ~had;
    if (lacked === 0) continue;
    bytes += weigh(page, word, lacked);
    if (keep) words[word] = had | lacked;
  }
  return bytes;
}

function weigh({ base, weights }: WeighedPage, word: number, bits: number): number {
  const first = base + 32 * word;
  let bytes = 0;
  for (let left = bits; left !== 0; left &= left - 1) {
    bytes += weights[first + 31 - Math.clz32(left & -left)] ?? 0;
  }
  return bytes;
}
