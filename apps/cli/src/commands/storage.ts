import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { idIn } from './names.js';
import { tellAlert } from './retention.js';

type Storage = Schemas['StorageDto'];
type Group = Schemas['GroupStorageDto'];

const GROUPS = ['member', 'device', 'app', 'version', 'snapshot', 'artifact'] as const;

interface StorageOptions {
  readonly by?: string;
}

export const registerStorage: Register = (program, run) => {
  const storage = program
    .command('storage')
    .description('what is stored, what it costs, and what can come back')
    .option('--by <kind>', `sizes of each ${GROUPS.join(', ')}`)
    .addHelpText(
      'after',
      '\nNEEDS: stored bytes, shared or not · ALONE: of these, what only it needs and its deletion frees · SHARED: the rest\nUSES: what counts towards a quota, the bin too; what several need is split evenly · FREES: what comes back when all of theirs goes',
    )
    .action(run(show));
  storage
    .command('history')
    .description('total sizes by day, of the last year')
    .action(run(history));
  storage
    .command('frees <id...>')
    .description('say what deleting these snapshots and packages together would free')
    .action(run(frees));
};

async function show(context: Context, { by }: StorageOptions): Promise<ExitCode> {
  if (by !== undefined) return groups(context, by);
  const service = await context.signedIn();
  const report = await service.call(async (api, signal) => api.GET('/api/v1/storage', { signal }));
  const alert =
    report.packs === null
      ? null
      : (await service.call(async (api, signal) => api.GET('/api/v1/retention', { signal }))).upkeep
          .alert;
  tellAlert(context, alert);
  context.output.result({ ...report, alert }, reportText(report));
  return EXIT.ok;
}

async function groups(context: Context, kind: string): Promise<ExitCode> {
  const by = GROUPS.find((group) => group === kind);
  if (by === undefined)
    throw new ArchiveError('INPUT_INVALID', `--by is one of ${GROUPS.join(', ')}.`);
  const service = await context.signedIn();
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/storage/groups', { params: { query: { by } }, signal }),
  );
  const text = page.items.length === 0 ? 'Nothing is kept.' : groupTable(by, page.items);
  context.output.result(page, text);
  return EXIT.ok;
}

async function history(context: Context): Promise<ExitCode> {
  const service = await context.signedIn();
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/storage/history', { signal }),
  );
  const lines = page.items.map(({ day, logicalBytes, storedBytes, neededBytes, binBytes }) => [
    day,
    ...[logicalBytes, storedBytes, neededBytes, binBytes].map(formatBytes),
  ]);
  const text =
    lines.length === 0
      ? 'No day was noted yet; the schedule does it once an hour.'
      : table(['DAY', 'FILES', 'STORED', 'NEEDED', 'BIN'], lines);
  context.output.result(page, text);
  return EXIT.ok;
}

async function frees(context: Context, which: readonly string[]): Promise<ExitCode> {
  const ids = which.map((id) =>
    idIn(id, {
      message: 'Snapshots and packages are named by their ids here.',
      hint: '`rootcellar snapshot list` and `rootcellar app versions <bundle-id>` show them.',
    }),
  );
  const service = await context.signedIn();
  const result = await service.call(async (api, signal) =>
    api.POST('/api/v1/storage/frees', { body: { ids }, signal }),
  );
  context.output.result(result, `Deleting these would free ${formatBytes(result.freedBytes)}.`);
  return EXIT.ok;
}

function reportText(report: Storage): string {
  const { packs, members, devices, apps, forecast } = report;
  const lines: (readonly [string, number, string])[] = [
    ['files', report.logicalBytes, 'of what is kept, as files'],
    ...(packs === null
      ? []
      : [['stored', packs.storedBytes, 'on the disk or in the bucket'] as const]),
    ['needed', report.neededBytes, 'by what is kept'],
    ['  unique', report.uniqueBytes, 'of these by one snapshot or package only'],
    ['  shared', report.sharedBytes, 'of these by several'],
    ['in the bin', report.binBytes, 'needed only by what is in the bin'],
    ...(packs === null ? [] : packLines(packs)),
  ];
  return [
    rightAligned(lines),
    useText(report.use),
    ...[groupTable('device', devices), groupTable('app', apps), groupTable('member', members)],
    ...(forecast === null ? [] : [forecastText(forecast)]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What is used of quotas; nothing where one is alone and there is none. */
function useText({ household, members }: Storage['use']): string {
  const limited = [household, ...members].some((one) => (one?.quotaBytes ?? null) !== null);
  if (!limited && members.length < 2) return '';
  const lines = [
    ...members.map((member) => [...usedOf(member.name, member), formatBytes(member.freesBytes)]),
    ...(household === null ? [] : [[...usedOf('the household', household), '']]),
  ];
  return table(['WHO', 'USES', 'OF', '', 'FREES'], lines);
}

function usedOf(name: string, use: Schemas['LimitedUseDto']): string[] {
  const { usedBytes, quotaBytes, level } = use;
  const quota = quotaBytes === null ? '' : formatBytes(quotaBytes);
  return [name, formatBytes(usedBytes), quota, level === 0 ? '' : `over ${String(level)} %`];
}

function packLines(packs: Schemas['PackStorageDto']): (readonly [string, number, string])[] {
  const { collectableBytes, condemnedBytes, uploadBytes, overheadBytes } = packs;
  const condemned = `${formatBytes(condemnedBytes)} of it waits for its grace to end`;
  return [
    [
      'collectable',
      collectableBytes,
      condemnedBytes === 0 ? 'needed by nothing; collections give it back' : condemned,
    ],
    ...(uploadBytes === 0 ? [] : [['uploads', uploadBytes, 'held by open uploads'] as const]),
    ['overhead', overheadBytes, 'indexes of the packs'],
  ];
}

function rightAligned(lines: readonly (readonly [string, number, string])[]): string {
  const sizes = lines.map(([, bytes]) => formatBytes(bytes));
  const width = Math.max(...sizes.map(({ length }) => length));
  return lines
    .map(
      ([name, , what], at) => `${name.padEnd(11)}  ${(sizes[at] ?? '').padStart(width)}  ${what}`,
    )
    .join('\n');
}

/** The largest first. */
function groupTable(kind: (typeof GROUPS)[number], items: readonly Group[]): string {
  if (items.length === 0) return '';
  const lines = items
    .toSorted((a, b) => b.neededBytes - a.neededBytes)
    .map((group) => [
      ...[group.name, String(group.items), formatBytes(group.logicalBytes)],
      ...[group.neededBytes, group.uniqueBytes, group.sharedBytes].map(formatBytes),
      group.id,
    ]);
  return table([kind.toUpperCase(), 'ITEMS', 'FILES', 'NEEDS', 'ALONE', 'SHARED', 'ID'], lines);
}

function forecastText({
  limit,
  limitBytes,
  bytesPerDay,
  fullOn,
  method,
}: Schemas['ForecastDto']): string {
  const what = `The ${limit} of ${formatBytes(limitBytes)}`;
  const pace = `${bytesPerDay < 0 ? '-' : ''}${formatBytes(Math.abs(bytesPerDay))} a day`;
  return fullOn === null
    ? `${what} is not in sight at ${pace} (${method}).`
    : `${what} is reached on ${fullOn} at ${pace} (${method}).`;
}
