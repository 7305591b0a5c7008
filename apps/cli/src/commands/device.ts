import type { Schemas } from '@rootcellar/client';
import type { Context, Patience } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { more, pageQuery, when, withPage } from './lists.js';
import type { PageOptions } from './lists.js';
import { nameIn } from './names.js';

export const registerDevice: Register = (program, run) => {
  const device = program.command('device').description('your iPhones and iPads');
  withPage(device.command('list').description('list your devices')).action(run(list));
  device
    .command('show <device>')
    .description('show one device')
    .addHelpText('after', '\n<device>: id, UDID or name')
    .action(run(show));
};

async function list(context: Context, options: PageOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const query = pageQuery(options);
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
  ]);
  const text =
    lines.length === 0
      ? 'No device yet: `rootcellar push <backup-folder>` brings the first.'
      : table(['ID', 'NAME', 'TYPE', 'IOS', 'SNAPSHOTS', 'NEWEST'], lines) + more(page.nextCursor);
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

/** By id, UDID or name. @throws ArchiveError NOT_FOUND */
export async function findDevice(
  context: Context,
  which: string,
  work: Patience = 'short',
): Promise<Schemas['DeviceDto']> {
  const device = nameIn(which, '`rootcellar device list` shows yours.');
  const service = await context.signedIn(work);
  return service.call(async (api, signal) =>
    api.GET('/api/v1/devices/{device}', { params: { path: { device } }, signal }),
  );
}
