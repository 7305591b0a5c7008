const HIGH = 2 ** 32;

/** A u64 as a number, for `bigint` costs more than all else in a record; NaN above 2^53 - 1. */
export function readU64(view: Buffer, at: number): number {
  const value = view.readUInt32LE(at + 4) * HIGH + view.readUInt32LE(at);
  return Number.isSafeInteger(value) ? value : NaN;
}

/** @param value a safe integer that is not negative @returns where it ends */
export function writeU64(target: Buffer, at: number, value: number): number {
  target.writeUInt32LE(value % HIGH, at);
  return target.writeUInt32LE(Math.floor(value / HIGH), at + 4);
}
