import { join } from 'node:path';
import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { pushBackup } from '../push/push-backup.js';
import type { PushResult } from '../push/push-backup.js';
import { formatDuration } from '../terminal/format-duration.js';
import { nameOf } from '../rollback/describe-run.js';
import { Progress } from '../terminal/progress.js';
import type { Register } from './command.js';
import { ownerOf } from './member-id.js';

interface PushOptions {
  readonly acceptIncomplete?: boolean;
  readonly owner?: string;
}

export const registerPush: Register = (program, run) => {
  program
    .command('push <backup-folder>')
    .description('keep the backup in this folder as a snapshot; sends only what is not stored yet')
    .option(
      '--accept-incomplete',
      'keep it even if files are missing or damaged, or it was not finished; it is marked so',
    )
    .option(
      '--owner <owner>',
      'whose the device is: a member’s name or id, or household; yours without it',
    )
    .action(run(push));
};

async function push(context: Context, folder: string, options: PushOptions): Promise<ExitCode> {
  const { clock, signal } = context.world;
  const owner = options.owner === undefined ? undefined : await ownerOf(context, options.owner);
  const profile = await context.profile();
  const progress = new Progress(context.output, clock, 'Pushing');
  try {
    const result = await pushBackup(
      {
        service: await context.signedIn('long'),
        memoryFolder: join(context.configFolder, 'push-memory'),
        account: [profile.server, profile.householdId, profile.memberId],
        progress,
        clock,
        onQuota: (quota) => warnOfQuota(context, quota),
        signal,
      },
      { folder, acceptIncomplete: options.acceptIncomplete === true, owner },
    );
    context.output.result(result, summary(result));
    await tellAlerts(context, result.deviceId);
    return EXIT.ok;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ArchiveError(
      'INTERRUPTED',
      'Interrupted. What was sent so far is kept for a day: run the same command again and it goes on from there.',
      { cause: error },
    );
  } finally {
    progress.close();
  }
}

/** Of versions that are held on the device and that the backup does not show. Who may only push hears nothing of it. */
async function tellAlerts(context: Context, deviceId: string): Promise<void> {
  const service = await context.signedIn();
  const items = await service
    .call(async (api, signal) => api.GET('/api/v1/alerts', { signal }))
    .then((page) => page.items)
    .catch((error: unknown) => {
      if (error instanceof ArchiveError) return [];
      throw error;
    });
  for (const alert of items.filter((one) => one.deviceId === deviceId)) {
    context.output.note(
      `${alert.deviceName} has ${alert.bundleId} at ${nameOf(alert.seen)}; ${nameOf(alert.held)} is held there. \`rootcellar alert list\` says what to do.`,
    );
  }
}

function warnOfQuota(context: Context, quota: Schemas['QuotaStateDto']): void {
  const { scope, usedBytes, quotaBytes, level } = quota;
  if (level === 0) return;
  const whose = scope === 'member' ? 'Your quota' : "The household's quota";
  const used = usedBytes === null ? '' : ` ${formatBytes(usedBytes)} are used.`;
  context.output.note(
    `${whose} of ${formatBytes(quotaBytes)} is more than ${String(level)} % full.${used}`,
  );
}

function summary(result: PushResult): string {
  const { snapshotId, files, logicalBytes, sentBytes, newBytes, seconds } = result;
  const lines = [
    `Snapshot ${snapshotId}`,
    `  ${String(files)} files, ${formatBytes(logicalBytes)}; ${formatBytes(newBytes)} were new, ${formatBytes(sentBytes)} sent, in ${formatDuration(seconds)}`,
  ];
  if (!result.complete) {
    lines.push(
      `  INCOMPLETE: ${String(result.missingFiles)} files missing, ${String(result.damagedFiles)} damaged`,
    );
  }
  return lines.join('\n');
}
