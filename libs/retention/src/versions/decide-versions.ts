import type { AppFacts, DeviceFacts, VersionItem } from '../items.js';
import { effectiveVersionRules } from '../policy/effective-rules.js';
import type { EffectiveVersionRules } from '../policy/effective-rules.js';
import type { HouseholdPolicy } from '../policy/household-policy.js';
import { isYoungerThan } from '../policy/younger-than.js';
import { createReasonLog } from '../reason-log.js';
import type { ReasonLog } from '../reason-log.js';
import type { Verdict } from '../verdict.js';
import { groupVersions } from './app-version.js';
import { deviceKind } from './fits-device.js';
import { keepVersionsByRules } from './keep-by-rules.js';
import { newestVersionFirst } from './newest-first.js';
import { isSameVersion } from './same-version.js';

interface Context {
  readonly policy: HouseholdPolicy;
  readonly now: Date;
  readonly devices: readonly DeviceFacts[];
  readonly apps: readonly AppFacts[];
}

/** What floor and rules say of every file of every version, before the budget; any apps, any order. */
export function decideVersions(
  items: readonly VersionItem[],
  context: Context,
): ReadonlyMap<VersionItem, Verdict> {
  const facts = new Map(context.apps.map((app) => [app.bundleId, app]));
  const installed = byApp(context.devices, (device) => device.installed);
  const held = byApp(context.devices, (device) => device.held ?? []);
  const apps = Map.groupBy(items, ({ bundleId }) => bundleId);
  return new Map(
    [...apps].flatMap(([bundleId, its]) =>
      decideApp(bundleId, its, {
        ...context,
        installed: installed.get(bundleId) ?? [],
        held: held.get(bundleId) ?? [],
        subscriptionFrom: facts.get(bundleId)?.subscriptionFrom,
      }),
    ),
  );
}

/** A version on a device, or held there. */
interface OnDevice {
  readonly device: DeviceFacts;
  readonly app: DeviceFacts['installed'][number];
}

function byApp(
  devices: readonly DeviceFacts[],
  apps: (device: DeviceFacts) => DeviceFacts['installed'],
): ReadonlyMap<string, OnDevice[]> {
  const all = devices.flatMap((device) => apps(device).map((app) => ({ device, app })));
  return Map.groupBy(all, ({ app }) => app.bundleId);
}

interface OfApp extends Context {
  readonly installed: readonly OnDevice[];
  readonly held: readonly OnDevice[];
  readonly subscriptionFrom: AppFacts['subscriptionFrom'];
}

function decideApp(
  bundleId: string,
  items: readonly VersionItem[],
  context: OfApp,
): (readonly [VersionItem, Verdict])[] {
  const { policy } = context;
  const rules = effectiveVersionRules(policy, bundleId);
  const log = createReasonLog<VersionItem>();
  noteProtection(items, rules, { ...context, log });
  // Only what even the budget respects is noted so far.
  const protectedItems = new Set(items.filter((item) => log.of(item).length > 0));

  if (rules === undefined) {
    for (const item of items) log.note(item, { code: 'no-policy' });
  } else {
    const unpinned = items.filter(({ pinned }) => !pinned);
    keepVersionsByRules(newestVersionFirst(groupVersions(unpinned)), rules, { ...context, log });
  }

  return items.map((item) => [
    item,
    {
      reasons: log.of(item),
      isProtected: protectedItems.has(item),
      otherwise: 'no-rule',
      date: item.addedAt,
    },
  ]);
}

/** What devices run, or are to run, is floor whether or not the rule `onDevices` is set; the rule only adds where it was written. */
function noteProtection(
  items: readonly VersionItem[],
  rules: EffectiveVersionRules | undefined,
  { policy, now, installed, held, log }: OfApp & { readonly log: ReasonLog<VersionItem> },
): void {
  const span = policy.minimumKeep ?? '0d';
  const from = rules?.onDevices.value === true ? { from: rules.onDevices.from } : {};
  for (const item of items) {
    if (item.pinned) log.note(item, { code: 'pinned' });
    for (const { device } of installed.filter(({ app }) => isSameVersion(item, app))) {
      const which = { deviceId: device.id, deviceKind: deviceKind(device) };
      log.note(item, { code: 'on-device', ...which, ...from });
    }
    for (const { device } of held.filter(({ app }) => isSameVersion(item, app)))
      log.note(item, { code: 'held', deviceId: device.id, deviceKind: deviceKind(device) });
    if (isYoungerThan(item.addedAt, span, now)) {
      log.note(item, { code: 'minimum-keep', span, from: 'household' });
    }
  }
}
