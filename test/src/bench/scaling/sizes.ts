import type { RowName } from '../rows.js';

/** A fifth of the chunks that are asked for, as many, four times as many: 1, 5 and 20 million. */
export const SIZE_NAMES = ['small', 'middle', 'large'] as const;
export type SizeName = (typeof SIZE_NAMES)[number];

const FACTORS: Readonly<Record<SizeName, number>> = { small: 0.2, middle: 1, large: 4 };

export interface Size {
  readonly name: SizeName;
  readonly chunks: number;
}

interface Asked {
  readonly chunks: number;
  readonly rows: ReadonlySet<RowName>;
}

/** The sizes that some row is of, smallest first. */
export function sizesOf({ chunks, rows }: Asked): Size[] {
  return SIZE_NAMES.filter((size) =>
    [...rows].some((row) => row.startsWith('scaling-') && row.endsWith(`-${size}`)),
  ).map((name) => ({ name, chunks: Math.ceil(chunks * FACTORS[name]) }));
}

/** In chunks. */
export function largestSize(asked: Asked): number {
  return sizesOf(asked).at(-1)?.chunks ?? 0;
}
