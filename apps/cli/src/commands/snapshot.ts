import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context, Patience } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { findDevice } from './find-device.js';
import { withKeeping } from './keeping.js';
import { more, pageQuery, when, withPage } from './lists.js';
import { idIn } from './names.js';
import { bytesOf, sharedText, show } from './show-snapshot.js';
import type { ShowOptions } from './show-snapshot.js';
import type { PageOptions } from './lists.js';

interface ListOptions extends PageOptions {
  readonly device?: string;
}

interface LsOptions extends PageOptions {
  readonly domain?: string;
  readonly path?: string;
}

export const SNAPSHOT_HELP = '\n<snapshot>: an id, or latest:<device>';

export const registerSnapshot: Register = (program, run) => {
  const snapshot = program.command('snapshot').description('the kept states of your devices');
  withPage(snapshot.command('list').description('list snapshots, newest first'))
    .option('--device <device>', 'only of this device: id, UDID or name')
    .action(run(list));
  snapshot
    .command('show <snapshot>')
    .description('show one snapshot: what is in it, and what a restore would not bring back')
    .option('--all', 'every app and every domain, too')
    .addHelpText('after', SNAPSHOT_HELP)
    .action(
      run(async (context, which: string, options: ShowOptions) =>
        show(context, await findSnapshot(context, which), options),
      ),
    );
  withPage(
    snapshot
      .command('ls <snapshot>')
      .description('list what is in a snapshot (not for encrypted backups)'),
  )
    .option('--domain <domain>', 'files of this domain; without it the domains are listed')
    .option('--path <path>', 'only this file, or this folder and what is below it')
    .addHelpText('after', SNAPSHOT_HELP)
    .action(run(ls));
  withKeeping(snapshot, run, {
    group: 'snapshot',
    argument: '<snapshot>',
    idOf: async (context, which) => snapshotIdOf(context, which),
    pin: async (api, options) => api.POST('/api/v1/snapshots/{id}/pin', options),
    unpin: async (api, options) => api.POST('/api/v1/snapshots/{id}/unpin', options),
    forget: async (api, options) => api.POST('/api/v1/snapshots/{id}/forget', options),
    undo: async (api, options) => api.POST('/api/v1/snapshots/{id}/undo', options),
  });
};

async function list(context: Context, options: ListOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const device =
    options.device === undefined ? undefined : await findDevice(context, options.device);
  const query = { ...pageQuery(options), ...(device === undefined ? {} : { deviceId: device.id }) };
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/snapshots', { params: { query }, signal }),
  );
  const lines = page.items.map((snapshot) => [
    snapshot.id,
    snapshot.deviceName,
    when(snapshot.takenAt),
    snapshot.productVersion ?? '–',
    snapshot.files === null ? '–' : String(snapshot.files),
    bytesOf(snapshot.logicalBytes),
    bytesOf(snapshot.newBytes),
    [
      ...sharedText(snapshot),
      snapshot.pinned ? 'pinned' : '',
      snapshot.encrypted ? 'encrypted' : '',
      snapshot.complete ? '' : 'INCOMPLETE',
    ]
      .filter(Boolean)
      .join(' '),
  ]);
  const header = ['ID', 'DEVICE', 'TAKEN', 'IOS', 'FILES', 'SIZE', 'NEW', ''];
  const text =
    lines.length === 0
      ? 'No snapshot yet: `rootcellar push <backup-folder>` makes one.'
      : table(header, lines) + more(page.nextCursor);
  context.output.result(page, text);
  return EXIT.ok;
}

async function ls(context: Context, which: string, options: LsOptions): Promise<ExitCode> {
  if (options.path !== undefined && options.domain === undefined) {
    throw new ArchiveError('INPUT_INVALID', '--path needs --domain: paths are those of a domain.');
  }
  const { id } = await findSnapshot(context, which);
  const service = await context.signedIn();
  const { limit, cursor } = pageQuery(options);
  const query = {
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(options.domain === undefined ? {} : { domain: options.domain }),
    ...(options.path === undefined ? {} : { path: options.path }),
  };
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/snapshots/{id}/files', { params: { path: { id }, query }, signal }),
  );
  const text = options.domain === undefined ? domainTable(page.items) : fileTable(page.items);
  context.output.result(page, text + more(page.nextCursor));
  return EXIT.ok;
}

function domainTable(items: readonly Schemas['BackupFileDto'][]): string {
  return table(
    ['DOMAIN', 'FILES'],
    items.map(({ domain, files }) => [domain, String(files ?? 0)]),
  );
}

function fileTable(items: readonly Schemas['BackupFileDto'][]): string {
  const lines = items.map(({ type, size, modifiedAt, path }) => [
    type,
    size === null ? '' : formatBytes(size),
    when(modifiedAt),
    path === '' ? '.' : path,
  ]);
  return table(['TYPE', 'SIZE', 'MODIFIED', 'PATH'], lines);
}

/** An id, or `latest:<device>`. @throws ArchiveError NOT_FOUND, INPUT_INVALID */
export async function findSnapshot(
  context: Context,
  which: string,
  work: Patience = 'short',
): Promise<Schemas['SnapshotDto']> {
  const id = await snapshotIdOf(context, which, work);
  const service = await context.signedIn(work);
  return service.call(async (api, signal) =>
    api.GET('/api/v1/snapshots/{id}', { params: { path: { id } }, signal }),
  );
}

/** @throws ArchiveError NOT_FOUND (no such device), INPUT_INVALID */
export async function snapshotIdOf(
  context: Context,
  which: string,
  work: Patience = 'short',
): Promise<string> {
  if (which.startsWith('latest:')) return latestOf(context, which.slice('latest:'.length), work);
  return idIn(which, {
    message: 'A snapshot is named by its id or as latest:<device>.',
    hint: '`rootcellar snapshot list` shows the ids.',
  });
}

async function latestOf(context: Context, which: string, work: Patience): Promise<string> {
  const device = await findDevice(context, which, work);
  if (device.latestSnapshotId === null)
    throw new ArchiveError('NOT_FOUND', 'This device has no snapshot.');
  return device.latestSnapshotId;
}
