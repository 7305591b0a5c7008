import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { withDeviceChanges } from './device-change.js';
import { findDevice } from './find-device.js';
import { more, pageQuery, when, withPage } from './lists.js';
import type { PageOptions } from './lists.js';

export const registerDevice: Register = (program, run) => {
  const device = program.command('device').description('your iPhones and iPads');
  withPage(device.command('list').description("list your devices, and the household's"))
    .option('--all', 'also retired ones, and those that another continues')
    .option(
      '--everybody',
      "whose the household's devices are and when they were backed up (administrators)",
    )
    .action(run(list));
  device
    .command('show <device>')
    .description('show one device')
    .addHelpText('after', '\n<device>: id, UDID or name')
    .action(run(show));
  withDeviceChanges(device, run);
};

interface ListOptions extends PageOptions {
  readonly all?: boolean;
  readonly everybody?: boolean;
}

async function list(context: Context, options: ListOptions): Promise<ExitCode> {
  if (options.everybody === true) return listEverybody(context, options);
  const service = await context.signedIn();
  const query = { ...pageQuery(options), ...(options.all === true ? { all: true } : {}) };
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/devices', { params: { query }, signal }),
  );
  const lines = page.items.map((device) => [
    device.id,
    device.name,
    device.productType ?? '–',
    device.productVersion ?? '–',
    String(device.snapshots),
    when(device.latestTakenAt),
    notesOn(device),
  ]);
  const text =
    lines.length === 0
      ? 'No device yet: `rootcellar push <backup-folder>` brings the first.'
      : table(['ID', 'NAME', 'TYPE', 'IOS', 'SNAPSHOTS', 'NEWEST', ''], lines) +
        more(page.nextCursor);
  context.output.result(page, text);
  return EXIT.ok;
}

function notesOn({ owner, retiredAt, successorOf }: Schemas['DeviceDto']): string {
  return [
    ...(owner === 'household' ? ["the household's"] : owner === 'former' ? ['given away'] : []),
    ...(retiredAt === null ? [] : ['retired']),
    ...(successorOf === null ? [] : ['continues another']),
  ].join(', ');
}

async function listEverybody(context: Context, options: PageOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/device-health', { params: { query }, signal }),
  );
  const lines = page.items.map((device) => [
    device.id,
    device.name,
    device.owner ?? 'the household',
    when(device.latestTakenAt),
    device.retiredAt === null ? '' : 'retired',
  ]);
  const text = table(['ID', 'NAME', 'OWNER', 'NEWEST', ''], lines) + more(page.nextCursor);
  context.output.result(page, text);
  return EXIT.ok;
}

async function show(context: Context, which: string): Promise<ExitCode> {
  const device = await findDevice(context, which);
  const text = [
    device.name,
    `  id        ${device.id}`,
    `  UDID      ${device.udid}`,
    `  type      ${device.productType ?? '–'}, iOS ${device.productVersion ?? '–'}`,
    `  snapshots ${String(device.snapshots)}, newest ${when(device.latestTakenAt)}`,
  ].join('\n');
  context.output.result(device, text);
  return EXIT.ok;
}
