import { formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import { table } from '../terminal/table.js';
import { confirmWith } from './confirmations.js';
import { when } from './lists.js';

type Plan = Schemas['RetentionPlanDto'];
type Item = Schemas['PlanItemDto'];
type Group = Schemas['PlanGroupDto'];

const BY_RULE: Readonly<Record<NonNullable<Item['removedBy']>, string>> = {
  'no-rule': 'no rule keeps it',
  budget: 'the budget',
  'superseded-incomplete': 'incomplete, a complete one is newer',
};

/** Why things stay, where it is counted; a code nobody knows here is said as it is. */
const WHY: ReadonlyMap<string, string> = new Map([
  ['pinned', 'pinned'],
  ['newest-complete', 'newest complete backup of its device'],
  ['incomplete-newest', 'incomplete, but no complete backup is newer'],
  ['on-device', 'a device runs it'],
  ['held', 'held on a device'],
  ['minimum-keep', 'stored too short a time ago'],
  ['no-policy', 'no rule was written for it'],
  ['within', 'young enough'],
  ['last', 'among the newest'],
  ['hourly', 'one an hour'],
  ['daily', 'one a day'],
  ['weekly', 'one a week'],
  ['monthly', 'one a month'],
  ['yearly', 'one a year'],
  ['last-per-major', 'last of its major version'],
  ['before-subscription', 'last before the subscription'],
  ['runnable', 'newest that a device can run'],
]);

/** What would go first, then why the rest stays. */
export function planText(plan: Plan, { all }: { readonly all: boolean }): string {
  const going = plan.items.filter(({ keep }) => !keep);
  const staying = plan.items.filter(({ keep }) => keep);
  return [
    ...(going.length === 0 ? ['Nothing would go.'] : goingText(plan, going)),
    '',
    `Stays: ${things(staying)}, ${formatBytes(plan.neededAfterBytes)} stored.`,
    ...(all ? [stayingTable(staying)] : reasonCounts(staying)),
    ...budgetLine(plan.budget),
    ...confirmWith(plan.confirmations),
  ].join('\n');
}

export function appliedText({ forgotten, skipped, ...applied }: Schemas['AppliedPlanDto']): string {
  return [
    '',
    forgotten.length === 0
      ? 'Done: nothing went.'
      : `Done: ${things(forgotten)} went to the bin. ${formatBytes(applied.freedBytes)} come back after ${when(applied.goneAfter)}; until then \`rootcellar snapshot undo\` and \`rootcellar app undo\` bring them back.`,
    ...skipped.map(({ name, why }) => `  left: ${name} (${why})`),
  ].join('\n');
}

function goingText(plan: Plan, going: readonly Item[]): string[] {
  const groups = [
    ...plan.devices.filter(isTouched).map((group) => groupLine(group.name, group)),
    ...plan.apps.filter(isTouched).map((group) => groupLine(`${group.name} (${group.id})`, group)),
  ];
  const lines = going.map(({ name, removedBy, freedBytes, id }) => [
    ...[name, removedBy === undefined ? '' : BY_RULE[removedBy], formatBytes(freedBytes), id],
  ]);
  return [
    `Would go to the bin: ${things(going)}.`,
    `${formatBytes(plan.freedBytes)} of ${formatBytes(plan.neededBytes)} come back, from ${when(plan.spaceReturns)} on.`,
    '',
    table(['DEVICE OR APP', 'GO', 'STAY', 'COMES BACK'], groups),
    '',
    table(['GOES', 'BECAUSE', 'FREES', 'ID'], lines),
  ];
}

function isTouched({ removed }: Group): boolean {
  return removed > 0;
}

function groupLine(name: string, { removed, kept, freedBytes }: Group): string[] {
  return [name, String(removed), String(kept), formatBytes(freedBytes)];
}

/** What stays for several reasons counts in each. */
function reasonCounts(staying: readonly Item[]): string[] {
  const counts = new Map<string, number>();
  for (const { reasons } of staying) {
    for (const code of new Set(reasons.map((reason) => reason.code)))
      counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => `  ${String(count).padStart(5)}  ${WHY.get(code) ?? code}`);
}

function stayingTable(staying: readonly Item[]): string {
  return table(
    ['STAYS', 'BECAUSE'],
    staying.map(({ name, reasons }) => [name, reasons.map(({ text }) => text).join('; ')]),
  );
}

function budgetLine(budget: Plan['budget']): string[] {
  if (budget === undefined) return [];
  const { limit, before, after, fits } = budget;
  const line = `Budget ${formatBytes(limit)}: ${formatBytes(before)} before, ${formatBytes(after)} after.`;
  return [fits ? line : `${line} It does NOT fit: what may not be removed is more than that.`];
}

/** `3 snapshots and 1 package` */
function things(items: readonly Pick<Item, 'kind'>[]): string {
  const snapshots = items.filter(({ kind }) => kind === 'snapshot').length;
  const packages = items.length - snapshots;
  const parts = [
    ...(snapshots > 0
      ? [`${String(snapshots)} ${snapshots === 1 ? 'snapshot' : 'snapshots'}`]
      : []),
    ...(packages > 0 ? [`${String(packages)} ${packages === 1 ? 'package' : 'packages'}`] : []),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(' and ');
}
