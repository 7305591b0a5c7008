import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { readPolicyFile } from '../read-policy-file.js';
import { table } from '../terminal/table.js';
import { CONFIRM } from './bin.js';
import type { ConfirmOptions } from './bin.js';
import type { Register } from './command.js';
import { requireConfirmed } from './confirmations.js';
import { when } from './lists.js';
import { appliedText, planText } from './plan-text.js';

interface PreviewOptions {
  readonly file?: string;
  readonly all?: boolean;
}

interface ApplyOptions extends ConfirmOptions {
  readonly dryRun?: boolean;
  readonly all?: boolean;
}

type Plan = Schemas['RetentionPlanDto'];

const ALL = ['--all', 'every thing that stays, with its reasons'] as const;

export const registerRetention: Register = (program, run) => {
  const retention = program
    .command('retention')
    .description('rules for what is kept, and what they would remove');
  retention
    .command('show')
    .description('show the policy, what follows from it, and how upkeep goes')
    .action(run(show));
  retention
    .command('set')
    .description('set the policy from a JSON file; nothing is removed by that')
    .requiredOption('--file <file>', 'the policy; - reads standard input')
    .action(run(set));
  retention
    .command('preview')
    .description('say what would go, and why the rest stays; changes nothing')
    .option(
      '--file <file>',
      'a policy that is not set, instead of the one that is; - reads standard input',
    )
    .option(...ALL)
    .action(run(preview));
  retention
    .command('apply')
    .description('do what the policy says now: what goes, goes to the bin')
    .option('--dry-run', 'only say what would go')
    .option(...CONFIRM)
    .option(...ALL)
    .action(run(apply));
};

async function show(context: Context): Promise<ExitCode> {
  const service = await context.signedIn();
  const view = await service.call(async (api, signal) => api.GET('/api/v1/retention', { signal }));
  tellAlert(context, view.upkeep.alert);
  context.output.result(view, viewText(view));
  return EXIT.ok;
}

async function set(context: Context, { file }: { readonly file: string }): Promise<ExitCode> {
  const body = (await readPolicyFile(context, file)) as Record<string, unknown>;
  const service = await context.signedIn();
  const view = await service.call(async (api, signal) =>
    api.PUT('/api/v1/retention', { body, signal }),
  );
  const text = `${viewText(view)}\nThe policy is set. Nothing was removed; \`rootcellar retention preview\` says what it would do.`;
  context.output.result(view, text);
  return EXIT.ok;
}

async function preview(context: Context, { file, all = false }: PreviewOptions): Promise<ExitCode> {
  const plan = await makePlan(context, file);
  const next =
    file === undefined
      ? '`rootcellar retention apply` does it.'
      : '`rootcellar retention set --file …` sets this policy.';
  context.output.result(plan, `${planText(plan, { all })}\nNothing was changed. ${next}`);
  return EXIT.ok;
}

async function apply(
  context: Context,
  { dryRun = false, confirm = [], all = false }: ApplyOptions,
): Promise<ExitCode> {
  const plan = await makePlan(context, undefined);
  if (dryRun) {
    context.output.result(plan, `${planText(plan, { all })}\nNothing was changed.`);
    return EXIT.ok;
  }
  if (!context.output.json) context.output.result(plan, planText(plan, { all }));
  requireConfirmed(plan.confirmations, confirm);
  const service = await context.signedIn();
  const applied = await service.call(async (api, signal) =>
    api.POST('/api/v1/retention/plans/{id}/apply', {
      params: { path: { id: plan.id } },
      body: { confirm: [...confirm] },
      signal,
    }),
  );
  context.output.result(applied, appliedText(applied));
  return EXIT.ok;
}

async function makePlan(context: Context, file: string | undefined): Promise<Plan> {
  const policy =
    file === undefined
      ? undefined
      : ((await readPolicyFile(context, file)) as Record<string, unknown>);
  const service = await context.signedIn();
  return service.call(async (api, signal) =>
    api.POST('/api/v1/retention/preview', {
      ...(policy === undefined ? {} : { body: { policy } }),
      signal,
    }),
  );
}

/** Why nothing is removed by itself any more; nothing when all is well. */
export function tellAlert(context: Context, alert: string | null): void {
  if (alert === null) return;
  context.output.alert(
    `Needs a look: ${alert}\n\`rootcellar retention apply\` shows the plan, does it, and lets the schedule go on.`,
  );
}

function viewText({ policy, effective, upkeep }: Schemas['RetentionDto']): string {
  if (policy === null) {
    return 'There is no retention policy: everything is kept.\nWrite one to a file and see what it would do: `rootcellar retention preview --file F`.';
  }
  const lines = [
    ...(effective?.devices ?? []).map((device) => ['device', device.name, ...rulesOf(device)]),
    ...(effective?.apps ?? []).map((app) => ['app', app.id, ...rulesOf(app)]),
  ];
  return [
    JSON.stringify(policy, undefined, 2),
    ...(lines.length === 0 ? [] : ['', table(['FOR', 'NAME', 'RULES'], lines)]),
    '',
    `By the schedule: rules applied ${when(upkeep.retainedAt)}, space collected ${when(upkeep.collectedAt)}.`,
  ].join('\n');
}

/** `daily 7, weekly 4 (device)`: where a rule was written is said unless it is the household's. */
function rulesOf({ rules }: Schemas['EffectiveRulesDto']): [string] {
  const on = Object.entries(rules).filter(
    ([, { value }]) => value !== 0 && value !== false && value !== '0d',
  );
  const words = on.map(
    ([rule, { value, from }]) =>
      `${rule}${value === true ? '' : ` ${String(value)}`}${from === 'household' ? '' : ` (${from})`}`,
  );
  return [words.length === 0 ? 'none: all of it stays' : words.join(', ')];
}
