import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { nameOf } from '../rollback/describe-run.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { findDevice } from './find-device.js';
import { more, pageQuery, when, withPage } from './lists.js';
import type { PageOptions } from './lists.js';
import { idIn, nameIn } from './names.js';

export const registerHold: Register = (program, run) => {
  const hold = program
    .command('hold')
    .description(
      'versions of apps that are to stay on a device; what a backup shows otherwise raises an alert',
    );
  withPage(hold.command('list').description('what is held on your devices and the household’s'))
    .option('--device <device>', 'only of this device: id, UDID or name')
    .action(run(list));
  hold
    .command('set <bundle-id>')
    .description('hold a version; without one, what the device’s newest backup shows')
    .requiredOption('--device <device>', 'id, UDID or name')
    .option('--version-shown <version>', 'the version people see, such as 3.0')
    .option('--build <build>', 'with --version-shown: its build')
    .option('--store-id <number>', 'the App Store’s number of the version')
    .action(run(set));
  hold
    .command('release <hold-id>')
    .description('hold it no more; its alerts end')
    .action(run(release));
};

async function list(
  context: Context,
  { device, ...page }: PageOptions & { readonly device?: string },
): Promise<ExitCode> {
  const deviceId = device === undefined ? undefined : (await findDevice(context, device)).id;
  const service = await context.signedIn();
  const query = { ...pageQuery(page), ...(deviceId === undefined ? {} : { deviceId }) };
  const holds = await service.call(async (api, signal) =>
    api.GET('/api/v1/holds', { params: { query }, signal }),
  );
  const lines = holds.items.map((hold) => [
    hold.id,
    hold.bundleId,
    nameOf(hold),
    hold.deviceName,
    when(hold.since),
    hold.by ?? '–',
  ]);
  const text =
    lines.length === 0
      ? 'Nothing is held. A rollback holds what it brought back; `rootcellar hold set` holds any version.'
      : table(['ID', 'APP', 'VERSION', 'DEVICE', 'SINCE', 'BY'], lines) + more(holds.nextCursor);
  context.output.result(holds, text);
  return EXIT.ok;
}

interface SetOptions {
  readonly device: string;
  readonly versionShown?: string;
  readonly build?: string;
  readonly storeId?: string;
}

async function set(context: Context, which: string, options: SetOptions): Promise<ExitCode> {
  const bundleId = nameIn(which, '`rootcellar app list` shows the apps.');
  const device = await findDevice(context, options.device);
  const { versionShown: version, build, storeId: externalVersionId } = options;
  const body: Schemas['HoldRequestDto'] = {
    ...{ deviceId: device.id, bundleId },
    ...(version === undefined ? {} : { version }),
    ...(build === undefined ? {} : { build }),
    ...(externalVersionId === undefined ? {} : { externalVersionId }),
  };
  const service = await context.signedIn();
  const hold = await service.call(async (api, signal) =>
    api.POST('/api/v1/holds', { body, signal }),
  );
  const text = `${bundleId} is held at ${nameOf(hold)} on ${device.name}: a backup that shows another version raises an alert, and no rule removes its packages. (${hold.id})`;
  context.output.result({ ...hold, deviceId: device.id, bundleId }, text);
  return EXIT.ok;
}

async function release(context: Context, which: string): Promise<ExitCode> {
  const id = idIn(which, {
    message: 'A hold is named by its id.',
    hint: '`rootcellar hold list` shows the ids.',
  });
  const service = await context.signedIn();
  await service.call(async (api, signal) =>
    api.DELETE('/api/v1/holds/{id}', { params: { path: { id } }, signal }),
  );
  context.output.result({ id }, `Released: ${id}. Rules decide about its packages again.`);
  return EXIT.ok;
}
