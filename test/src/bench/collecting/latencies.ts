/** How long requests of one kind waited for their answers, in milliseconds. */
export interface Latencies {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** @returns NaN for everything when nothing was measured */
export function summarize(milliseconds: readonly number[]): Latencies {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    max: sorted.at(-1) ?? NaN,
  };
}

export function describe({ count, p50, p99, max }: Latencies): string {
  const [middle, high, most] = [p50, p99, max].map((value) => value.toFixed(1));
  return `${count} requests, p50 ${middle}, p99 ${high}, max ${most} ms`;
}

/** The smallest that at least `share` of all do not exceed. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
