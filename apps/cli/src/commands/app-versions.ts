import { ArchiveError } from '@rootcellar/model';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { gapsText, timelineText } from './app-versions-text.js';
import type { RunCommand } from './command.js';
import { findDevice } from './find-device.js';
import { more, pageQuery, withPage } from './lists.js';
import type { PageOptions } from './lists.js';
import { nameIn } from './names.js';

/** What is known of apps' versions beyond the packages: `timeline`, `gaps`, `link`. */
export function registerAppVersions(app: Command, run: RunCommand): void {
  withPage(
    app
      .command('timeline <bundle-id>')
      .description(
        'all versions of an app, newest first: what is kept of them, where and when they were seen',
      ),
  ).action(run(timeline));
  withPage(
    app
      .command('gaps')
      .description('versions that your devices had, or have, and no package is kept of'),
  )
    .option('--device <device>', 'only of this device: id, UDID or name')
    .addHelpText('after', '\nExits with 0 when there is no gap and with 3 when there is one.')
    .action(run(gaps));
  app
    .command('link <old> [new]')
    .description('say that an app goes on under another bundle id: both have one timeline')
    .option('--undo', 'take the link of <old> back')
    .action(run(link));
}

async function timeline(context: Context, which: string, options: PageOptions): Promise<ExitCode> {
  const bundleId = nameIn(which, '`rootcellar app list` shows the apps.');
  const service = await context.signedIn();
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/apps/{bundleId}/timeline', { params: { path: { bundleId }, query }, signal }),
  );
  context.output.result(page, timelineText(page.items) + more(page.nextCursor));
  return EXIT.ok;
}

async function gaps(
  context: Context,
  options: PageOptions & { readonly device?: string },
): Promise<ExitCode> {
  const { device } = options;
  const of = device === undefined ? undefined : await findDevice(context, device);
  const service = await context.signedIn();
  const query = { ...pageQuery(options), ...(of === undefined ? {} : { deviceId: of.id }) };
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/gaps', { params: { query }, signal }),
  );
  const text = gapsText(page.items, of?.name ?? 'your devices');
  context.output.result(page, text + more(page.nextCursor));
  return page.items.length === 0 ? EXIT.ok : EXIT.partly;
}

async function link(
  context: Context,
  old: string,
  to: string | undefined,
  { undo = false }: { readonly undo?: boolean },
): Promise<ExitCode> {
  if ((to === undefined) !== undo)
    throw new ArchiveError('INPUT_INVALID', 'Say either the new bundle id or --undo.');
  const bundleId = nameIn(old, '`rootcellar app list` shows the bundle ids.');
  const service = await context.signedIn();
  const result = await service.call(async (api, signal) =>
    api.PUT('/api/v1/apps/{bundleId}/link', {
      params: { path: { bundleId } },
      body: { to: to ?? null },
      signal,
    }),
  );
  const text =
    result.to === null
      ? `${bundleId} stands for itself again.`
      : `${bundleId} goes on as ${result.to}: the timeline of either shows both.`;
  context.output.result(result, text);
  return EXIT.ok;
}
