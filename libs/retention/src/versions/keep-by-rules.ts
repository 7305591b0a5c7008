import type { Reason } from '../decision.js';
import type { AppFacts, DeviceFacts, VersionItem } from '../items.js';
import type { EffectiveVersionRules } from '../policy/effective-rules.js';
import { isYoungerThan } from '../policy/younger-than.js';
import type { ReasonLog } from '../reason-log.js';
import type { AppVersion } from './app-version.js';
import { majorOf } from './compare-versions.js';
import { deviceKind, fitsDevice } from './fits-device.js';
import { isOlderVersion } from './same-version.js';

export interface VersionContext {
  readonly now: Date;
  readonly devices: readonly DeviceFacts[];
  readonly subscriptionFrom: AppFacts['subscriptionFrom'];
  readonly log: ReasonLog<VersionItem>;
}

/**
 * Notes what the rules keep of one app's versions. Each rule looks at all of them, whatever the others keep: so no rule that is
 * added or raised ever removes more.
 *
 * @param newestFirst without pinned files: rules neither see nor count those
 */
export function keepVersionsByRules(
  newestFirst: readonly AppVersion[],
  rules: EffectiveVersionRules,
  context: VersionContext,
): void {
  const { now, log } = context;
  const note = (version: AppVersion | undefined, reason: Reason): void => {
    for (const file of version?.files ?? []) log.note(file, reason);
  };

  const { value: span, from } = rules.within;
  for (const version of newestFirst) {
    if (isYoungerThan(version.addedAt, span, now)) note(version, { code: 'within', span, from });
  }

  for (const [index, version] of newestFirst.slice(0, rules.last.value).entries()) {
    note(version, { code: 'last', count: index + 1, of: rules.last.value, from: rules.last.from });
  }

  const perMajor = rules.lastPerMajor;
  for (const [major, its] of Map.groupBy(newestFirst, ({ version }) => majorOf(version))) {
    for (const [index, version] of its.slice(0, perMajor.value).entries()) {
      const place = { count: index + 1, of: perMajor.value, major };
      note(version, { code: 'last-per-major', ...place, from: perMajor.from });
    }
  }

  const { subscriptionFrom } = context;
  if (rules.beforeSubscription.value && subscriptionFrom !== undefined) {
    const before = newestFirst.find((version) => isOlderVersion(version, subscriptionFrom));
    note(before, { code: 'before-subscription', from: rules.beforeSubscription.from });
  }

  for (const device of rules.runnable.value ? context.devices : []) {
    const runs = newestFirst.find(({ files }) => files.some((file) => fitsDevice(file, device)));
    const which = { deviceId: device.id, deviceKind: deviceKind(device) };
    note(runs, { code: 'runnable', ...which, from: rules.runnable.from });
  }
}
