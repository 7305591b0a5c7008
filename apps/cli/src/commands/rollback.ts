import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { outlineText } from '../rollback/outline-text.js';
import { outlineOf, versionName } from '../rollback/plan-outline.js';
import type { Plan } from '../rollback/plan-outline.js';
import { withRollbackRun } from '../rollback/run-command.js';
import { writeKit } from '../rollback/write-kit.js';
import { Progress } from '../terminal/progress.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { findDevice } from './find-device.js';
import { more, pageQuery, when, withPage } from './lists.js';
import type { PageOptions } from './lists.js';
import { idIn } from './names.js';
import { artifactIdIn } from './package-names.js';

export const registerRollback: Register = (program, run) => {
  const rollback = program
    .command('rollback')
    .description('bring an older version of an app back to a device, with its data');
  rollback
    .command('plan <bundle-id>')
    .description('say what it takes, in which order, and what can go wrong; changes nothing')
    .requiredOption('--device <device>', 'id, UDID or name')
    .option(
      '--artifact <id>',
      'the package to go back to; without it the newest kept one that is older and fits',
    )
    .addHelpText('after', PLAN_HELP)
    .action(run(plan));
  withPage(rollback.command('list').description('list your plans')).action(run(list));
  rollback
    .command('show <plan-id>')
    .description('show a plan again, and whether it still holds')
    .addHelpText('after', PLAN_HELP)
    .action(run(show));
  rollback
    .command('kit <plan-id>')
    .description('write package, data, plan and checksums into a folder, to do it by hand')
    .requiredOption('--to <dir>', 'folder to write; it must not exist, or be empty')
    .action(run(kit));
  withRollbackRun(rollback, run);
};

const PLAN_HELP =
  '\nExits with 3 when the plan cannot be carried out as things are, or has expired.';

async function plan(
  context: Context,
  bundleId: string,
  options: { readonly device: string; readonly artifact?: string },
): Promise<ExitCode> {
  const artifactId = options.artifact === undefined ? undefined : artifactIdIn(options.artifact);
  const { id: deviceId } = await findDevice(context, options.device);
  // Data is taken out of the vault and looked at.
  const service = await context.signedIn('long');
  const made = await service.call(async (api, signal) =>
    api.POST('/api/v1/rollback-plans', {
      body: { bundleId, deviceId, ...(artifactId === undefined ? {} : { artifactId }) },
      signal,
    }),
  );
  return tell(context, made);
}

async function show(context: Context, which: string): Promise<ExitCode> {
  return tell(context, await findPlan(context, which));
}

function tell(context: Context, found: Plan): ExitCode {
  const good = !found.expired && found.blocking.length === 0;
  const text = `${outlineText(outlineOf(found, when))}\n\n${nextOf(found, good)}`;
  context.output.result(found, text);
  return good ? EXIT.ok : EXIT.partly;
}

function nextOf({ id, app, device, expired }: Plan, good: boolean): string {
  if (expired)
    return `Make it again: rootcellar rollback plan ${app.bundleId} --device ${device.id}`;
  const take = `rootcellar rollback kit ${id} --to DIR     take package, data and this plan along`;
  if (!good) return take;
  return `rootcellar rollback run ${id}              do it, with the device connected here\n${take}`;
}

async function list(context: Context, options: PageOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/rollback-plans', { params: { query }, signal }),
  );
  const lines = page.items.map((item) => [
    item.id,
    item.bundleId,
    item.deviceName ?? '–',
    item.artifactId === null ? '–' : versionName(item),
    stateOf(item),
    when(item.createdAt),
  ]);
  const text =
    lines.length === 0
      ? 'No plan yet: `rootcellar rollback plan <bundle-id> --device D` makes one.'
      : table(['PLAN', 'APP', 'DEVICE', 'BACK TO', 'STATE', 'MADE'], lines) + more(page.nextCursor);
  context.output.result(page, text);
  return EXIT.ok;
}

function stateOf({ state, expired, blocked }: Schemas['RollbackPlanLineDto']): string {
  if (expired) return `${state} (expired)`;
  return blocked ? `${state} (blocked)` : state;
}

async function kit(
  context: Context,
  which: string,
  { to }: { readonly to: string },
): Promise<ExitCode> {
  const found = await findPlan(context, which);
  const progress = new Progress(context.output, context.world.clock, 'Writing');
  try {
    const { clock, platform, signal } = context.world;
    const service = await context.signedIn('long');
    const written = await writeKit({ service, progress, clock, platform, signal }, found, to);
    progress.close();
    const text = `The kit is whole: ${written.path}, ${formatBytes(written.bytes)}. PLAN.md in it says what to do; \`sha256sum -c SHA256SUMS\` checks it.`;
    context.output.result(written, [text, ...found.blocking.map((each) => each.text)].join('\n'));
    return EXIT.ok;
  } catch (error) {
    if (!context.world.signal.aborted) throw error;
    throw new ArchiveError('INTERRUPTED', 'Interrupted. Nothing was written.', { cause: error });
  } finally {
    progress.close();
  }
}

async function findPlan(context: Context, which: string): Promise<Plan> {
  const id = idIn(which, {
    message: 'A rollback plan is named by its id.',
    hint: '`rootcellar rollback list` shows yours.',
  });
  const service = await context.signedIn();
  return service.call(async (api, signal) =>
    api.GET('/api/v1/rollback-plans/{id}', { params: { path: { id } }, signal }),
  );
}
