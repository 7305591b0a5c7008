import { ArchiveError } from './archive-error.js';

declare const brand: unique symbol;
/** A number of bytes: a safe integer, never negative (up to 8 PiB, exact in JSON and in `bigint`). */
export type ByteSize = number & { readonly [brand]: 'ByteSize' };

/** @throws ArchiveError INPUT_INVALID when the value is no such integer. */
export function byteSize(value: number | bigint): ByteSize {
  const size = Number(value);
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new ArchiveError(
      'INPUT_INVALID',
      'A size in bytes must be a whole number that is not negative.',
    );
  }
  return size as ByteSize;
}

export function addBytes(...sizes: readonly ByteSize[]): ByteSize {
  return byteSize(sizes.reduce((sum, size) => sum + size, 0));
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** For people: `1.4 GiB`, `512 B`. Binary units, one decimal above bytes. */
export function formatBytes(size: number): string {
  let value = size;
  let unit = 0;
  // What would be shown as 1024.0 is one of the next unit.
  while (value >= (unit === 0 ? 1024 : 1023.95) && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit] ?? 'B'}`;
}
