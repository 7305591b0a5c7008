/** The later of two dotted versions; `b` when there is no `a`. */
export function newestVersion(a: string | undefined, b: string): string {
  if (a === undefined) return b;
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference > 0 ? a : b;
  }
  return b;
}
