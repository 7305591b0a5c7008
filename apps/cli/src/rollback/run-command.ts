import { join } from 'node:path';
import { deviceError, openDeviceLink } from '@rootcellar/device-link';
import type { DeviceLink } from '@rootcellar/device-link';
import { ArchiveError } from '@rootcellar/model';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import type { RunCommand } from '../commands/command.js';
import { findDevice } from '../commands/find-device.js';
import { idIn } from '../commands/names.js';
import { ask } from '../read-secret.js';
import type { Service } from '../service.js';
import { Progress } from '../terminal/progress.js';
import { describeRun, nameOf, stepTitle } from './describe-run.js';
import { showDeviceProgress } from './device-progress.js';
import { RollbackSteps } from './run-rollback.js';
import type { Plan } from './run-rollback.js';
import { StepReports } from './step-reports.js';
import type { StepName } from './step-reports.js';

interface RunOptions {
  readonly yes?: boolean;
  readonly deviceLink?: string;
  readonly workFolder?: string;
}

/** Adds `run` to the group `rollback`. */
export function withRollbackRun(rollback: Command, run: RunCommand): void {
  rollback
    .command('run <plan-id>')
    .description('carry a rollback plan out on the device that is connected to this computer')
    .option('--yes', 'do not ask')
    .option(
      '--work-folder <dir>',
      'where the fresh backup is made; needs as much room as the device’s data',
    )
    .option('--device-link <name>', 'which way of talking to devices to use')
    .addHelpText('after', HELP)
    .action(run(runRollback));
}

const HELP = `
Shows the plan and asks, then: fresh backup, old version, its data, a look at the device, the hold. Nothing on the device is removed. After an
interruption or a failure the same command goes on with the step it stopped at.`;

async function runRollback(
  context: Context,
  which: string,
  options: RunOptions,
): Promise<ExitCode> {
  const id = idIn(which, {
    message: 'A rollback plan is named by its id.',
    hint: '`rootcellar rollback plan <bundle-id> --device D` makes one and shows its id.',
  });
  const service = await context.signedIn('long');
  const { plan, next } = await readPlan(service, id);
  if (next === null) return sayOver(context, plan);
  // Before anything is asked: who cannot go on should not have to decide.
  const link = openDeviceLink(
    context.world.deviceLinks,
    options.deviceLink ?? context.deviceLinkName,
  );
  requireDoable(plan);
  await confirm(context, plan, { next, yes: options.yes === true });
  await requireConnected(link, plan, context.world.signal);
  const steps = await openSteps(context, { service, link, plan, options });
  await goThrough(context, { id, service, steps, next });
  await steps.tidyUp();
  return sayHeld(context, plan);
}

async function readPlan(
  service: Service,
  id: string,
): Promise<{ readonly plan: Plan; readonly next: StepName | null }> {
  const params = { path: { id } };
  const plan = await service.call(async (api, signal) =>
    api.GET('/api/v1/rollback-plans/{id}', { params, signal }),
  );
  const { next } = await service.call(async (api, signal) =>
    api.GET('/api/v1/rollback-plans/{id}/steps', { params, signal }),
  );
  return { plan, next };
}

/** The service refuses as well; here it is said before anybody is asked. */
function requireDoable({ expired, expiredBecause, blocking, app }: Plan): void {
  const hint = `Make a plan again: \`rootcellar rollback plan ${app.bundleId} --device <device>\`.`;
  if (expired) {
    const why = expiredBecause.map(({ text }) => text).join(' ');
    throw new ArchiveError('PLAN_EXPIRED', `The plan has expired. ${why} Nothing was done.`, {
      hint,
    });
  }
  const [first] = blocking;
  if (first !== undefined)
    throw new ArchiveError('PLAN_BLOCKED', `${first.text} Nothing was done.`, { hint });
}

async function confirm(
  context: Context,
  plan: Plan,
  { next, yes }: { readonly next: StepName; readonly yes: boolean },
): Promise<void> {
  context.output.note(describeRun(plan, next));
  if (yes) return;
  const answer = await ask(context, {
    prompt: `Do this on ${plan.device.name} now? [y/N]`,
    option: '--yes',
  });
  if (/^y(es)?$/i.test(answer)) return;
  throw new ArchiveError('INTERRUPTED', 'Not started; nothing was changed.');
}

async function requireConnected(link: DeviceLink, plan: Plan, signal: AbortSignal): Promise<void> {
  const { udid } = plan.device;
  const connected = await link.devices(signal);
  if (!connected.some((device) => sameUdid(device.udid, udid)))
    throw deviceError('DEVICE_LINK_NOT_CONNECTED');
}

/** Newer UDIDs are written with a dash or without. */
function sameUdid(a: string, b: string): boolean {
  const bare = (udid: string): string => udid.replaceAll('-', '').toLowerCase();
  return bare(a) === bare(b);
}

async function openSteps(
  context: Context,
  {
    service,
    link,
    plan,
    options,
  }: {
    readonly service: Service;
    readonly link: DeviceLink;
    readonly plan: Plan;
    readonly options: RunOptions;
  },
): Promise<RollbackSteps> {
  const { output, world, configFolder } = context;
  const { clock, platform, signal } = world;
  const { server, householdId, memberId } = await context.profile();
  const device = await findDevice(context, plan.device.id);
  return new RollbackSteps(plan, {
    ...{ service, link, signal },
    work: join(options.workFolder ?? join(configFolder, 'rollback'), plan.id),
    household: device.owner === 'household',
    progress: (verb) => new Progress(output, clock, verb),
    onDevice: (verb) => showDeviceProgress(output, { verb, deviceName: plan.device.name }),
    push: {
      memoryFolder: join(configFolder, 'push-memory'),
      account: [server, householdId, memberId],
      clock,
    },
    restore: { clock, platform },
  });
}

async function goThrough(
  context: Context,
  run: {
    readonly id: string;
    readonly service: Service;
    readonly steps: RollbackSteps;
    readonly next: StepName;
  },
): Promise<void> {
  const { output, world } = context;
  const reports = new StepReports(run.service, run.id, context.computerName);
  for (let next: StepName | null = run.next; next !== null;) {
    const step: StepName = next;
    output.note(`Step ${stepTitle(step)} …`);
    try {
      ({ next } = await reports.through(step, async () => {
        world.signal.throwIfAborted();
        return run.steps.do(step);
      }));
    } catch (error) {
      output.note(`Stopped at step ${stepTitle(step)}.`);
      if (!world.signal.aborted) throw error;
      throw new ArchiveError(
        'INTERRUPTED',
        'Interrupted. Nothing on the device was removed; the same command goes on from there.',
        { cause: error },
      );
    }
  }
}

function sayHeld(context: Context, { id, app, device, target }: Plan): ExitCode {
  const version = target === null ? 'the version' : nameOf(target);
  const text = [
    `${app.name} is back at ${version} on ${device.name}, and held there.`,
    'Open it and see that it works. Turn off automatic updates on the device (Settings, App Store): the hold prevents nothing, it tells.',
  ].join('\n');
  context.output.result({ planId: id, state: 'held', deviceId: device.id, target }, text);
  return EXIT.ok;
}

function sayOver(context: Context, { id, app, device, state, target }: Plan): ExitCode {
  const text =
    state === 'held'
      ? `This rollback is done: ${app.name} is held on ${device.name}.`
      : 'This rollback was given up; make another plan.';
  context.output.result({ planId: id, state, deviceId: device.id, target }, text);
  return state === 'held' ? EXIT.ok : EXIT.conflict;
}
