import { join, relative, resolve, sep } from 'node:path';
import { ArchiveError, isArchiveError } from '@rootcellar/model';
import type { Context } from '../context.js';
import { rest } from './alarm.js';
import { Delivery } from './delivery.js';
import { Keeper, accountOf } from './keep-candidate.js';
import type { KeptThing } from './keep-candidate.js';
import { StatusFile } from './status-file.js';
import { FolderWatch } from './watch-folder.js';
import type { Look, WatchSettings } from './watch-folder.js';
import { WatchJournal } from './watch-journal.js';
import { WatchReport } from './watch-report.js';

/** Where journals and status files lie among the settings. */
export function watchPlace(configFolder: string): string {
  return join(configFolder, 'watch');
}

/** Absolute, each once, without those that lie in others of them. */
export function distinctFolders(given: readonly string[]): string[] {
  const all = [...new Set(given.map((folder) => resolve(folder)))];
  return all.filter((one) => !all.some((other) => other !== one && liesIn(other, one)));
}

function liesIn(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(outer, way) === inner;
}

/** Watches until the command is stopped. @throws ArchiveError NOT_SIGNED_IN, WATCH_RUNNING, WATCH_OTHER_SIGN_IN, DATA_UNUSABLE */
export async function watchFolders(
  context: Context,
  folders: readonly string[],
  settings: WatchSettings,
): Promise<void> {
  await using watching = await open(context, folders, settings, true);
  const outcomes = watching.watches.map(async ({ watch }) =>
    watch.run().catch((error: unknown) => {
      watching.stop();
      // The one that failed tells why; the others are only stopped.
      if (!isArchiveError(error, 'INTERRUPTED')) throw error;
    }),
  );
  const failed = (await Promise.allSettled(outcomes)).find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
}

export interface Pass {
  readonly kept: number;
  readonly alreadyKept: number;
  readonly refused: readonly unknown[];
  readonly left: number;
}

/** Looks once, waits until what is there is at rest, and keeps that. @throws as {@link watchFolders}, and what the service is away with */
export async function passOnce(
  context: Context,
  folders: readonly string[],
  settings: WatchSettings,
): Promise<Pass> {
  await using watching = await open(context, folders, settings, false);
  const looks: Look[] = [];
  for (const { watch, folder } of watching.watches) {
    const first = await watch.look();
    if (first.away !== undefined) throw folderAway(folder, first.away);
    looks.push(first);
  }
  const dueMs = Math.max(0, ...looks.map((look) => look.dueMs ?? 0));
  await rest(dueMs, context.world.signal);
  if (looks.some(({ left }) => left > 0)) {
    looks.length = 0;
    for (const { watch } of watching.watches) looks.push(await watch.look());
  }
  if (context.world.signal.aborted) throw new ArchiveError('INTERRUPTED', 'Interrupted.');
  return {
    kept: sum(looks, 'kept'),
    alreadyKept: sum(looks, 'alreadyKept'),
    refused: looks.flatMap(({ refused }) => refused),
    left: sum(looks, 'left'),
  };
}

function sum(looks: readonly Look[], what: 'kept' | 'alreadyKept' | 'left'): number {
  return looks.reduce((total, look) => total + look[what], 0);
}

function folderAway(folder: string, code: string): ArchiveError {
  return new ArchiveError(
    'WATCH_FOLDER_AWAY',
    `${folder} is not there or cannot be read (${code}). Nothing was kept from it.`,
    { hint: 'Is the disk or network share connected?' },
  );
}

interface Watching extends AsyncDisposable {
  readonly watches: readonly { readonly folder: string; readonly watch: FolderWatch }[];
  stop(): void;
}

async function open(
  context: Context,
  folders: readonly string[],
  settings: WatchSettings,
  patient: boolean,
): Promise<Watching> {
  await using opening = new AsyncDisposableStack();
  const { output, world } = context;
  const stop = new AbortController();
  const signal = AbortSignal.any([world.signal, stop.signal]);
  const profile = await context.profile();
  const place = watchPlace(context.configFolder);
  const keeper = new Keeper(context, profile);
  opening.defer(async () => keeper.idle());
  const reports: WatchReport[] = [];
  const delivery = new Delivery<KeptThing>({
    ...{ keep: keeper.keep, pauses: settings.pauses, patient, signal },
    onAway: (error) => tellAll(reports, async (report, first) => report.waiting(error, first)),
    onBack: () => tellAll(reports, async (report, first) => report.back(first)),
  });
  const watches = [];
  for (const folder of folders) {
    const journal = opening.use(WatchJournal.open(place, [...accountOf(profile), folder]));
    const file = new StatusFile(place, folder);
    const report = new WatchReport({ output, clock: world.clock, file, folder });
    await report.started();
    opening.defer(async () => report.ended());
    reports.push(report);
    const parts = { folder, journal, report, delivery, settings, clock: world.clock, signal };
    watches.push({
      folder,
      watch: new FolderWatch({ ...parts, onIdle: async () => keeper.idle() }),
    });
  }
  const opened = opening.move();
  return {
    watches,
    stop: () => stop.abort(),
    [Symbol.asyncDispose]: async () => opened.disposeAsync(),
  };
}

/** One word to the user, and each folder's status file. */
function tellAll(
  reports: readonly WatchReport[],
  tell: (report: WatchReport, first: boolean) => Promise<void>,
): void {
  for (const [n, report] of reports.entries()) void tell(report, n === 0);
}
