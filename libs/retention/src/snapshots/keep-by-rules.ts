import type { SnapshotItem } from '../items.js';
import type { EffectiveSnapshotRules } from '../policy/effective-rules.js';
import { isYoungerThan } from '../policy/younger-than.js';
import type { ReasonLog } from '../reason-log.js';
import { countPeriods } from './count-periods.js';
import type { LocalPeriods } from './local-periods.js';
import { snapshotTime } from './snapshot-time.js';

/** Coarse after fine: each goes on where those before it end. */
const PERIODIC = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;

/**
 * Notes what the rules keep of one device's snapshots: within, last, then the periodic ones (see `countPeriods`).
 * Only complete ones are counted; `within` keeps incomplete ones too.
 *
 * @param newestFirst without the pinned ones: rules neither see nor count those
 */
export function keepByRules(
  newestFirst: readonly SnapshotItem[],
  rules: EffectiveSnapshotRules,
  context: {
    readonly now: Date;
    readonly periods: LocalPeriods;
    readonly log: ReasonLog<SnapshotItem>;
  },
): void {
  const { now, periods, log } = context;
  const kept = new Set<SnapshotItem>();

  const { value: span, from } = rules.within;
  for (const item of newestFirst.filter((it) => isYoungerThan(snapshotTime(it), span, now))) {
    kept.add(item);
    log.note(item, { code: 'within', span, from });
  }

  const complete = newestFirst.filter((item) => item.complete);
  for (const [index, item] of complete.slice(0, rules.last.value).entries()) {
    kept.add(item);
    log.note(item, { code: 'last', count: index + 1, of: rules.last.value, from: rules.last.from });
  }

  for (const code of PERIODIC) {
    const { value: of, from } = rules[code];
    const counted = countPeriods(complete, {
      limit: of,
      periodOf: (item) => periods[code](snapshotTime(item)),
      isKept: (item) => kept.has(item),
    });
    for (const { item, count, period } of counted) {
      kept.add(item);
      log.note(item, { code, count, of, period, from });
    }
  }
}
