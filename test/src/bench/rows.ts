import { SIZE_NAMES } from './scaling/sizes.js';

/** Where a row's figure comes from: rows of one scenario share its work. The first three all programs run, the others are ours alone. */
export const SCENARIOS = [
  'daily',
  'many-files',
  'packages',
  'plan',
  'union',
  'timeline',
  'collecting',
  'scaling',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface RowDefinition {
  readonly name: string;
  /** `k/s`: thousands of chunks a second. */
  readonly unit: 'MB/s' | 'k/s' | 's' | 'ms' | 'MiB';
  readonly better: 'higher' | 'lower';
  readonly scenario: Scenario;
}

/** Of each size that is measured (`scaling/sizes.ts`). */
const SCALING = [
  { name: 'have', unit: 'k/s', better: 'higher' },
  { name: 'have-8', unit: 'k/s', better: 'higher' },
  { name: 'pack', unit: 'ms', better: 'lower' },
  { name: 'pack-8', unit: 'k/s', better: 'higher' },
  { name: 'root', unit: 'ms', better: 'lower' },
  { name: 'frees', unit: 's', better: 'lower' },
  { name: 'plan', unit: 's', better: 'lower' },
  { name: 'collect', unit: 's', better: 'lower' },
  { name: 'table', unit: 'MiB', better: 'lower' },
  { name: 'indexes', unit: 'MiB', better: 'lower' },
] as const;

export const ROWS = [
  { name: 'first-backup', unit: 'MB/s', better: 'higher', scenario: 'daily' },
  { name: 'unchanged-backup', unit: 's', better: 'lower', scenario: 'daily' },
  { name: 'next-day', unit: 's', better: 'lower', scenario: 'daily' },
  { name: 'next-day-bytes', unit: 'MiB', better: 'lower', scenario: 'daily' },
  { name: 'restore', unit: 'MB/s', better: 'higher', scenario: 'daily' },
  { name: 'stored-bytes', unit: 'MiB', better: 'lower', scenario: 'daily' },
  { name: 'agent-rss', unit: 'MiB', better: 'lower', scenario: 'daily' },
  { name: 'server-rss', unit: 'MiB', better: 'lower', scenario: 'daily' },
  { name: 'many-files-agent-rss', unit: 'MiB', better: 'lower', scenario: 'many-files' },
  { name: 'many-files-server-rss', unit: 'MiB', better: 'lower', scenario: 'many-files' },
  { name: 'packages-stored', unit: 'MiB', better: 'lower', scenario: 'packages' },
  { name: 'plan-seconds', unit: 's', better: 'lower', scenario: 'plan' },
  { name: 'plan-again-seconds', unit: 's', better: 'lower', scenario: 'plan' },
  { name: 'plan-rss', unit: 'MiB', better: 'lower', scenario: 'plan' },
  { name: 'union-seconds', unit: 's', better: 'lower', scenario: 'union' },
  { name: 'timeline-first', unit: 'ms', better: 'lower', scenario: 'timeline' },
  { name: 'timeline-again', unit: 'ms', better: 'lower', scenario: 'timeline' },
  { name: 'gaps', unit: 'ms', better: 'lower', scenario: 'timeline' },
  { name: 'have-p99', unit: 'ms', better: 'lower', scenario: 'collecting' },
  { name: 'have-p99-collecting', unit: 'ms', better: 'lower', scenario: 'collecting' },
  { name: 'body-p99', unit: 'ms', better: 'lower', scenario: 'collecting' },
  { name: 'body-p99-collecting', unit: 'ms', better: 'lower', scenario: 'collecting' },
  ...SIZE_NAMES.flatMap((size) =>
    SCALING.map(({ name, unit, better }) => {
      const scenario = 'scaling' as const;
      return { name: `scaling-${name}-${size}` as const, unit, better, scenario };
    }),
  ),
] as const satisfies readonly RowDefinition[];

export type RowName = (typeof ROWS)[number]['name'];

/** What runs when nothing is named: all but what takes a quarter of an hour and 15 GB. */
export const USUAL_SCENARIOS = SCENARIOS.filter((scenario) => scenario !== 'scaling');

/** A scenario's name stands for all its rows. `next-day` brings its bytes along. */
export function rowsNamed(names: readonly string[]): Set<RowName> {
  const wanted = new Set<string>(names);
  for (const scenario of SCENARIOS)
    if (wanted.delete(scenario)) for (const name of rowsOf(scenario)) wanted.add(name);
  if (wanted.has('next-day')) wanted.add('next-day-bytes');
  const known = ROWS.filter(({ name }) => wanted.delete(name)).map(({ name }) => name);
  if (wanted.size > 0) {
    const all = ROWS.map(({ name }) => name).join(', ');
    throw new Error(`No such row: ${[...wanted].join(', ')}. Rows: ${all}.`);
  }
  return new Set(known);
}

export function rowsOf(scenario: Scenario): RowName[] {
  return ROWS.filter((row) => row.scenario === scenario).map(({ name }) => name);
}
