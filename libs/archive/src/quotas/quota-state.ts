/** How much of a quota is used; sealed bytes. */
export interface QuotaState {
  readonly scope: 'household' | 'member';
  readonly usedBytes: number;
  readonly quotaBytes: number;
  /** 80 or 95 when so much of it is used, else 0. */
  readonly level: 0 | 80 | 95;
}

/** Percentages that are told of, the highest first. */
const LEVELS = [95, 80] as const;

export function quotaState(
  scope: QuotaState['scope'],
  usedBytes: number,
  quotaBytes: number,
): QuotaState {
  const level = LEVELS.find((percent) => usedBytes * 100 >= quotaBytes * percent) ?? 0;
  return { scope, usedBytes, quotaBytes, level };
}

/** The one that is fuller. */
export function fuller(
  one: QuotaState | undefined,
  other: QuotaState | undefined,
): QuotaState | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.usedBytes / one.quotaBytes >= other.usedBytes / other.quotaBytes ? one : other;
}
