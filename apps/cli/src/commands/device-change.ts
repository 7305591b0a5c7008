import type { Command } from 'commander';
import type { Schemas } from '@rootcellar/client';
import { ArchiveError } from '@rootcellar/model';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import type { RunCommand } from './command.js';
import { findDevice } from './find-device.js';
import { memberIdOf, ownerOf } from './member-id.js';
import { idIn } from './names.js';

/** Adds what changes a device: `rename`, `assign`, `retire`, `continue`, `allow`. */
export function withDeviceChanges(device: Command, run: RunCommand): void {
  device
    .command('rename <device> [name]')
    .description('call it by a name of yours; without one, as its backups call it')
    .action(
      run(async (context, which: string, name?: string) =>
        change(context, which, {
          body: { name: name ?? null },
          text:
            name === undefined
              ? `${which}: called as its backups call it.`
              : `Called ${name} from now on.`,
        }),
      ),
    );
  device
    .command('assign <device> <owner>')
    .description(
      'give it to a member, or to the household; snapshots stay with whom they belong to',
    )
    .addHelpText('after', "\n<owner>: a member's name or id, or household")
    .action(run(assign));
  device
    .command('retire <device>')
    .description('it is not used any more: hidden from the list, its snapshots stay')
    .option('--undo', 'it is used again')
    .action(
      run(async (context, which: string, { undo = false }: { readonly undo?: boolean }) =>
        change(context, which, {
          body: { retired: !undo },
          text: undo
            ? `${which} is in use again.`
            : `${which} is retired: its snapshots stay, and \`rootcellar device list --all\` shows it.`,
        }),
      ),
    );
  device
    .command('continue <device> [older]')
    .description(
      'it replaced an older device: one timeline; without the older one, it stands alone',
    )
    .action(run(continueOlder));
  device
    .command('allow <device> [member...]')
    .description('the members whose computers may push for it beside yours; nobody without one')
    .action(run(allow));
}

async function assign(context: Context, which: string, owner: string): Promise<ExitCode> {
  const to = await ownerOf(context, owner);
  const shown = to === 'household' ? 'the household' : owner;
  return change(context, which, {
    body: to === 'household' ? { household: true } : { ownerId: to },
    text: `${which} belongs to ${shown} from now on; the snapshots there are stay with whom they belong to.`,
  });
}

async function continueOlder(context: Context, which: string, older?: string): Promise<ExitCode> {
  const before = older === undefined ? null : (await findDevice(context, older)).id;
  const text =
    older === undefined
      ? `${which} stands alone.`
      : `${which} goes on with the timeline of ${older}.`;
  return change(context, which, { body: { successorOf: before }, text });
}

async function allow(
  context: Context,
  which: string,
  members: readonly string[],
): Promise<ExitCode> {
  const pushableBy = await Promise.all(members.map(async (member) => memberIdOf(context, member)));
  const who = members.length === 0 ? 'Nobody else' : members.join(', ');
  const text = `${who} may push for ${which} beside its owner.`;
  return change(context, which, { body: { pushableBy }, text });
}

async function change(
  context: Context,
  which: string,
  { body, text }: { readonly body: Schemas['DeviceChangeDto']; readonly text: string },
): Promise<ExitCode> {
  const device = await idOf(context, which);
  const service = await context.signedIn();
  const result = await service.call(async (api, signal) =>
    api.PATCH('/api/v1/devices/{device}', { params: { path: { device } }, body, signal }),
  );
  context.output.result(result, text);
  return EXIT.ok;
}

/** An administrator may assign what they do not see: then only an id will do. */
async function idOf(context: Context, which: string): Promise<string> {
  try {
    return idIn(which, { message: '', hint: '' });
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return (await findDevice(context, which)).id;
  }
}
