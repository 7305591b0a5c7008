import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { restoreSnapshot } from '../restore/restore-snapshot.js';
import { formatDuration } from '../terminal/format-duration.js';
import { Progress } from '../terminal/progress.js';
import type { Register } from './command.js';
import { SNAPSHOT_HELP, findSnapshot } from './snapshot.js';

interface RestoreOptions {
  readonly to: string;
  readonly domain?: string;
  readonly path?: string;
}

export const registerRestore: Register = (program, run) => {
  program
    .command('restore <snapshot>')
    .description('write a snapshot back: the whole backup folder, or the plain files of a domain')
    .requiredOption('--to <dir>', 'folder to write into; the backup becomes DIR/<UDID>')
    .option('--domain <domain>', 'only this domain, as plain files: DIR/<domain>/<path>')
    .option('--path <path>', 'with --domain: only this file, or this folder and what is below it')
    .addHelpText('after', SNAPSHOT_HELP)
    .action(run(restore));
};

async function restore(
  context: Context,
  which: string,
  options: RestoreOptions,
): Promise<ExitCode> {
  if (options.path !== undefined && options.domain === undefined) {
    throw new ArchiveError('INPUT_INVALID', '--path needs --domain: paths are those of a domain.');
  }
  const snapshot = await findSnapshot(context, which, 'long');
  requireWhole(snapshot, options);
  const progress = new Progress(context.output, context.world.clock, 'Restoring');
  const { domain, path } = options;
  const part =
    domain === undefined ? undefined : { domain, ...(path === undefined ? {} : { path }) };
  if (part === undefined) expectAll(progress, snapshot);
  if (!snapshot.complete) {
    const { missingFiles, damagedFiles } = snapshot;
    context.output.note(
      `This snapshot is incomplete: when it was pushed, ${String(missingFiles)} files were missing and ${String(damagedFiles)} damaged.`,
    );
  }
  try {
    const { clock, platform, signal } = context.world;
    const result = await restoreSnapshot(
      { service: await context.signedIn('long'), progress, clock, platform, signal },
      { snapshotId: snapshot.id, udid: snapshot.udid ?? '', to: options.to, part },
    );
    const count = `${String(result.files)} ${result.files === 1 ? 'file' : 'files'}`;
    const text = `Restored ${count}, ${formatBytes(result.bytes)}, in ${formatDuration(result.seconds)} to ${result.path}`;
    context.output.result(result, text);
    return EXIT.ok;
  } catch (error) {
    if (!context.world.signal.aborted) throw error;
    const kept =
      part === undefined
        ? 'Run the same command again and it goes on from there.'
        : 'Nothing was written.';
    throw new ArchiveError('INTERRUPTED', `Interrupted. ${kept}`, { cause: error });
  } finally {
    progress.close();
  }
}

function expectAll(progress: Progress, { files, logicalBytes }: Schemas['SnapshotDto']): void {
  if (files !== null && logicalBytes !== null) progress.expect({ files, bytes: logicalBytes });
}

/** @throws ArchiveError FORBIDDEN: asked for all of a snapshot of which an app was shared */
function requireWhole({ udid }: Schemas['SnapshotDto'], { domain }: RestoreOptions): void {
  if (domain !== undefined || udid !== null) return;
  throw new ArchiveError(
    'FORBIDDEN',
    'Of this snapshot the data of an app was shared with you, not all of it.',
    { hint: '`rootcellar snapshot ls` shows its domains; restore them with --domain.' },
  );
}
