import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { Progress } from '../terminal/progress.js';
import { awaitJob } from './await-job.js';

interface CollectOptions {
  /** Commander's way of saying `--no-grace`. */
  readonly grace: boolean;
  readonly compact?: boolean;
}

/** What a collection did, see `CollectionReport` in the service. */
interface Collected {
  readonly removed: number;
  readonly condemnedPacks: number;
  readonly repackedPacks: number;
  readonly copiedBytes: number;
  readonly skippedPacks: number;
  readonly deletedPacks: number;
  readonly deletedBytes: number;
  readonly orphans: number;
  readonly orphansLeft: number;
  /** Since releases that know object lock. */
  readonly lockedPacks?: number;
  readonly binHeld: boolean;
}

/** One that runs already has options of its own: how often ours waits for such a one. */
const TRIES = 3;

/** `admin gc` */
export async function collect(context: Context, options: CollectOptions): Promise<ExitCode> {
  const body = {
    ...(options.grace ? {} : { noGrace: true }),
    ...(options.compact === true ? { compact: true } : {}),
  };
  const progress = new Progress(context.output, context.world.clock, 'Collecting', 'packs');
  try {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { job, joined } = await collection(context, body, progress);
      if (!joined || Object.keys(body).length === 0) return report(context, job);
      progress.note('Another collection ran already and has ended; now comes the one asked for.');
    }
  } finally {
    progress.close();
  }
  throw new ArchiveError(
    'SERVER_BUSY',
    'Other collections came before this one each time; nothing was done with these options.',
    { hint: 'Run the command again.' },
  );
}

async function collection(
  context: Context,
  body: Schemas['CollectDto'],
  progress: Progress,
): ReturnType<typeof awaitJob> {
  let seen = { files: 0, bytes: 0 };
  return awaitJob(context, {
    what: 'collection',
    request: async (service) =>
      service.call(async (api, signal) =>
        api.POST('/api/v1/maintenance/collect', { body, signal }),
      ),
    onProgress: ({ repackedPacks = 0, deletedPacks = 0, copiedBytes = 0, deletedBytes = 0 }) => {
      const now = { files: repackedPacks + deletedPacks, bytes: copiedBytes + deletedBytes };
      progress.add({ files: now.files - seen.files, bytes: now.bytes - seen.bytes });
      seen = now;
    },
  });
}

function report(context: Context, job: Schemas['JobDto']): ExitCode {
  const found = job.result as unknown as Collected;
  const waiting = found.condemnedPacks + found.repackedPacks - found.deletedPacks;
  const lines = [
    // What was written anew takes a part of what was deleted.
    `${formatBytes(Math.max(0, found.deletedBytes - found.copiedBytes))} came back: ${String(found.deletedPacks)} packs deleted, ${formatBytes(found.deletedBytes)}, and ${String(found.orphans)} stray objects.`,
    `  ${String(found.removed)} snapshots and packages left the bin for ever.`,
    `  ${String(found.repackedPacks)} packs were written anew, ${formatBytes(found.copiedBytes)} copied.`,
    ...(waiting > 0
      ? [`  ${String(waiting)} packs wait for their grace; a later collection deletes them.`]
      : []),
    ...(found.skippedPacks > 0
      ? [`  ${String(found.skippedPacks)} packs were left as they are: they changed meanwhile.`]
      : []),
    ...((found.lockedPacks ?? 0) > 0
      ? [
          `  ${String(found.lockedPacks)} packs are locked by the bucket: later collections try again.`,
        ]
      : []),
    ...(found.orphansLeft > 0
      ? [
          `  ${String(found.orphansLeft)} objects are unknown, too many to be what a crash leaves: none was removed.`,
        ]
      : []),
    ...(found.binHeld
      ? ['  The bin was left alone, see the alert: `rootcellar retention show`.']
      : []),
  ];
  context.output.result({ jobId: job.id, ...found }, lines.join('\n'));
  return EXIT.ok;
}
