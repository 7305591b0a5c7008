/** What a rule kept, and as the how-manieth of which period. */
export interface Counted<Item> {
  readonly item: Item;
  /** 1 is the first. */
  readonly count: number;
  readonly period: string;
}

export interface PeriodRule<Item> {
  readonly limit: number;
  periodOf(item: Item): string;
  /** What earlier rules kept. */
  isKept(item: Item): boolean;
}

/**
 * A periodic rule: goes through the periods, newest first. A period is represented by its newest item. Was that kept by an
 * earlier rule, the period is skipped and not counted; else it is kept and counted, until `limit` are.
 *
 * This is Proxmox Backup Server's counting, so "13 daily, then 8 weekly" adds up, with one difference. There a period is
 * skipped when anything kept lies in it; then an added weekly rule, whose week reaches over the end of January,
 * can make the monthly rule skip January and lose what it kept. Here only a kept representative counts.
 *
 * So no rule that is added or raised ever removes more. With R the representatives, newest first, and K what earlier rules
 * kept, a rule makes of K: f(K, n) = K ∪ first n of (R \ K). Let K ⊆ K' and n ≤ n'. Take x of f(K, n). If x is in K', it is in
 * f(K', n'). If not, x is in R \ K, fewer than n of R \ K come before it, and R \ K' has no more before it than that:
 * x is among the first n' of R \ K'. Hence f(K, n) ⊆ f(K', n'), and so on through the rules that follow. `within` and `last`
 * do not look at K at all and grow with their value.
 *
 * @param newestFirst what the rule may see, in order
 */
export function countPeriods<Item>(
  newestFirst: readonly Item[],
  rule: PeriodRule<Item>,
): Counted<Item>[] {
  const seen = new Set<string>();
  const counted: Counted<Item>[] = [];
  for (const item of newestFirst) {
    if (counted.length >= rule.limit) break;
    const period = rule.periodOf(item);
    if (seen.has(period)) continue;
    seen.add(period);
    if (!rule.isKept(item)) counted.push({ item, count: counted.length + 1, period });
  }
  return counted;
}
