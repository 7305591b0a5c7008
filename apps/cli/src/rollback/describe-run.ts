import { formatBytes } from '@rootcellar/model';
import { when } from '../commands/lists.js';
import type { Plan } from './run-rollback.js';
import type { StepName } from './step-reports.js';

const TITLES: Readonly<Record<StepName, string>> = {
  'fresh-backup': 'make a fresh backup and keep it',
  'install-package': 'install the old version over the one that is there',
  'put-data-back': 'put its data back',
  verify: 'ask the device what is installed',
  hold: 'hold the version: a later backup that shows another one raises an alert',
};

export const STEP_ORDER = Object.keys(TITLES) as StepName[];

/** The plan in front of somebody who is about to say yes: what will happen to which device, and what speaks against it. */
export function describeRun(plan: Plan, next: StepName | null): string {
  const { app, device, installed, target, data, downgrade, blocking, warnings } = plan;
  const from = installed === null ? 'what is there' : nameOf(installed);
  const to = target === null ? '–' : nameOf(target);
  return [
    `${app.name} on ${device.name}: from ${from} back to ${to}`,
    data === null
      ? '  data     stay as they are on the device'
      : `  data     of ${when(data.takenAt)}, made with ${nameOf(data.installed)}: ${String(data.files)} ${data.files === 1 ? 'file' : 'files'}, ${formatBytes(data.bytes)}`,
    ...(downgrade === null ? [] : [`  safety   ${downgrade.summary}`]),
    ...warnings.map(({ text }) => `  note     ${text}`),
    ...blocking.map(({ text }) => `  BLOCKED  ${text}`),
    ...STEP_ORDER.map((step, at) => stepLine(step, { at, next })),
  ].join('\n');
}

/** `2 of 5: install the old version over the one that is there` */
export function stepTitle(step: StepName): string {
  return `${String(STEP_ORDER.indexOf(step) + 1)} of ${String(STEP_ORDER.length)}: ${TITLES[step]}`;
}

function stepLine(
  step: StepName,
  { at, next }: { readonly at: number; readonly next: StepName | null },
): string {
  const done = next === null || at < STEP_ORDER.indexOf(next);
  return `  ${done ? 'done' : `${String(at + 1)}.  `}     ${TITLES[step]}`;
}

export function nameOf({
  version,
  build,
  externalVersionId,
}: {
  readonly version: string | null;
  readonly build: string | null;
  readonly externalVersionId: string | null;
}): string {
  const name =
    version ?? (externalVersionId === null ? 'unknown' : `store id ${externalVersionId}`);
  return build === null || build === version ? name : `${name} (${build})`;
}
