import type { Schemas } from '@rootcellar/client';
import { formatBytes } from '@rootcellar/model';

export type Plan = Schemas['RollbackPlanDto'];

/** One point of a section: a sentence or two, and what to type. */
export interface OutlinePoint {
  readonly text: string;
  /** For a step: what it is called. */
  readonly title?: string;
  readonly commands?: readonly string[];
  /** Something that may go wrong. */
  readonly loud?: boolean;
}

export interface OutlineSection {
  readonly title: string;
  readonly numbered?: boolean;
  readonly points: readonly OutlinePoint[];
}

/** A plan in words, whether for a terminal or for a file. */
export interface PlanOutline {
  readonly title: string;
  /** What matters at once: label and text. */
  readonly facts: readonly (readonly [string, string])[];
  readonly sections: readonly OutlineSection[];
}

/** @param when a point in time as its reader reads it */
export function outlineOf(plan: Plan, when: (time: string) => string): PlanOutline {
  return {
    title: `Rolling ${named(plan.app.name, plan.app.bundleId)} back on ${plan.device.name}`,
    facts: factsOf(plan, when),
    sections: [
      ...section('This plan has expired', plan.expiredBecause.map(loud)),
      ...section('It cannot be done as things are', plan.blocking.map(loud)),
      ...section('What became of the data since', downgradePoints(plan)),
      ...section('What will happen, in this order', plan.steps.map(stepPoint), true),
      ...section(
        'What to know before',
        plan.warnings.map(({ text }) => ({ text })),
      ),
      ...section('What can go wrong when it is installed', riskPoints(plan)),
      ...section('So that the update does not come back', againstUpdates(plan)),
    ],
  };
}

/** `3.2 (412)` */
export function versionName({
  version,
  build,
}: {
  readonly version: string | null;
  readonly build: string | null;
}): string {
  if (version === null) return build ?? 'a version without a number';
  return build === null || build === version ? version : `${version} (${build})`;
}

function named(name: string, bundleId: string): string {
  return name === bundleId ? bundleId : `${name} (${bundleId})`;
}

function factsOf(plan: Plan, when: (time: string) => string): [string, string][] {
  const { target, data, installability } = plan;
  return [
    ['Plan', `${plan.id}, ${plan.state}, holds until ${when(plan.expiresAt)}`],
    ['Now', installedText(plan, when)],
    ...(target === null
      ? []
      : [
          [
            'Back to',
            `${versionName(target)}, ${formatBytes(target.size)}: ${CHOSEN[target.chosen]}`,
          ] as [string, string],
        ]),
    ...(target === null ? [] : [['Data', dataText(data, when)] as [string, string]]),
    ...(installability === null
      ? []
      : [['Installs', installText(installability)] as [string, string]]),
  ];
}

const CHOSEN: Readonly<Record<NonNullable<Plan['target']>['chosen'], string>> = {
  'asked-for': 'the package that was asked for',
  held: 'the one that is held on the device',
  'before-subscription': 'the last one that is kept from before the subscription',
  'newest-older': 'the newest one that is kept and older than what is installed',
};

function installedText({ installed }: Plan, when: (time: string) => string): string {
  if (installed === null) return 'no backup of this device that you can read shows the app';
  const { onDevice, takenAt } = installed;
  const version = versionName(installed);
  return onDevice
    ? `${version} is installed, as the backup of ${when(takenAt)} shows`
    : `not installed, as the backup of ${when(takenAt)} shows; last seen there: ${version}`;
}

function dataText(data: Plan['data'], when: (time: string) => string): string {
  if (data === null) return 'none of that time; what is on the device stays';
  const { files, bytes, takenAt, installed } = data;
  return `${files === 1 ? '1 file' : `${String(files)} files`}, ${formatBytes(bytes)}, of the backup of ${when(takenAt)}, made while ${versionName(installed)} was installed`;
}

function installText({ installs }: NonNullable<Plan['installability']>): string {
  if (installs === 'yes') return 'yes, as far as the file and the newest backup decide it';
  return installs === 'no' ? 'no, see below' : 'perhaps, see below';
}

function downgradePoints({ downgrade }: Plan): OutlinePoint[] {
  if (downgrade === null) return [];
  const points = downgrade.findings.map(({ text, weight }) => ({
    text,
    loud: weight === 'stumble',
  }));
  return [{ text: downgrade.summary }, ...points];
}

function stepPoint({ title, text, commands, needed }: Plan['steps'][number]): OutlinePoint {
  return { title: needed ? title : `${title} (nothing to do)`, text, commands };
}

function riskPoints({ installability }: Plan): OutlinePoint[] {
  return (installability?.risks ?? []).map(({ reason, looksLike }) => ({
    text: `${reason} It would look like this: ${looksLike}.`,
  }));
}

function againstUpdates({ updates }: Plan): OutlinePoint[] {
  return [
    ...updates.confirmed.map((text) => ({ text })),
    ...updates.notConfirmed.map((text) => ({ text: `Not confirmed: ${text}` })),
  ];
}

function loud({ text }: { readonly text: string }): OutlinePoint {
  return { text, loud: true };
}

function section(
  title: string,
  points: readonly OutlinePoint[],
  numbered = false,
): OutlineSection[] {
  return points.length === 0 ? [] : [{ title, points, numbered }];
}
