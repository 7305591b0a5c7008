/**
 * Orders dotted versions: part by part as numbers, a missing part as 0. A part of digits and letters is compared run by run, its end before
 * digits before letters, those by code unit. So `1.9` < `1.10`, `1.0` equals `1`, `1.1` < `1.1a` < `1.2`, `2.0` < `2.0b1`. No version at all
 * comes before any.
 *
 * @returns negative, 0 or positive, for `sort` oldest first
 */
export function compareDotted(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (a === b) return 0;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let part = 0; part < Math.max(left.length, right.length); part += 1) {
    const order = comparePart(left[part] ?? '0', right[part] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

/** Orders text that is digits as numbers of any length, without losing digits to floating point. */
export function compareDigits(a: string, b: string): number {
  const [left, right] = [withoutZeros(a), withoutZeros(b)];
  return left.length - right.length || compareText(left, right);
}

export function isDigits(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text);
}

/** The first part of a version, `04` as `4`; empty when there is no version. */
export function majorOf(version: string | undefined): string {
  const first = version?.split('.', 1)[0] ?? '';
  return isDigits(first) ? withoutZeros(first) : first;
}

/** By code unit, for `sort`. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [runsOf(a), runsOf(b)];
  for (let run = 0; run < Math.max(left.length, right.length); run += 1) {
    const order = compareRun(left[run], right[run]);
    if (order !== 0) return order;
  }
  return 0;
}

/** `12b3` as `12`, `b`, `3`. */
function runsOf(part: string): readonly string[] {
  return part.match(/\d+|\D+/g) ?? [];
}

function compareRun(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const [aIsNumber, bIsNumber] = [isDigits(a), isDigits(b)];
  if (aIsNumber && bIsNumber) return compareDigits(a, b);
  return aIsNumber === bIsNumber ? compareText(a, b) : Number(bIsNumber) - Number(aIsNumber);
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
