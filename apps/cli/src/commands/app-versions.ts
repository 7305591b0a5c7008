import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import type { RunCommand } from './command.js';
import { findDevice } from './find-device.js';
import { more, pageQuery, withPage } from './lists.js';
import type { PageOptions } from './lists.js';
import { nameIn } from './names.js';

type Entry = Schemas['TimelineEntryDto'];
type FoundGap = Schemas['FoundGapDto'];

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
  const several = page.bundleIds.length > 1;
  const count = page.versions === 1 ? '1 version' : `${String(page.versions)} versions`;
  const text = [
    `${page.name} (${page.bundleIds.join(' → ')}): ${count}, newest first`,
    ...page.items.flatMap((entry) => ['', ...entryLines(entry, several)]),
  ].join('\n');
  context.output.result(page, text + more(page.nextCursor));
  return EXIT.ok;
}

function entryLines(entry: Entry, several: boolean): string[] {
  return [
    titleOf(entry, several),
    ...entry.packages.flatMap(packageLines),
    ...seenLines(entry),
    ...dataLines(entry),
    ...changeLines(entry),
    ...(entry.gap === null ? [] : [`  NO PACKAGE: ${entry.gap.next}`]),
  ];
}

const SUBSCRIPTION = {
  before: '',
  'from-here': 'the first that wants a subscription',
  after: 'wants a subscription',
} as const;

function titleOf(entry: Entry, several: boolean): string {
  const { version, build, externalVersionId, minimumOs, alsoShown, subscription } = entry;
  const about = [
    build === null || build === version ? '' : `build ${build}`,
    externalVersionId === null ? '' : `store ${externalVersionId}`,
    minimumOs === null ? '' : `iOS ${minimumOs} or newer`,
    families(entry.deviceFamilies),
    entry.architectures.join(' '),
    several ? entry.bundleId : '',
    alsoShown.length === 0 ? '' : `elsewhere shown as ${alsoShown.join(', ')}`,
    subscription === null ? '' : SUBSCRIPTION[subscription],
  ].filter(Boolean);
  const name = version ?? (build === null ? 'unknown version' : `build ${build}`);
  return [name, ...about].join(' · ');
}

const FAMILIES: Readonly<Record<number, string>> = {
  1: 'iPhone',
  2: 'iPad',
  3: 'Apple TV',
  4: 'Apple Watch',
  7: 'Vision',
};

function families(numbers: readonly number[]): string {
  return numbers.map((number) => FAMILIES[number] ?? `family ${String(number)}`).join(' and ');
}

function packageLines(kept: Schemas['TimelinePackageDto']): string[] {
  const { aloneBytes, sharedBytes, freesBytes, buyer } = kept;
  const about = [
    formatBytes(kept.size),
    ...(aloneBytes === null || sharedBytes === null || freesBytes === null
      ? []
      : [
          `alone ${formatBytes(aloneBytes)}, shared ${formatBytes(sharedBytes)}, frees ${formatBytes(freesBytes)}`,
        ]),
    ...(buyer === null ? [] : [`bought with ${buyer.name}’s Apple ID`]),
    ...(kept.lent ? ['shared with you'] : []),
  ];
  const reasons = kept.reasons.map(({ text }) => text).join('; ');
  return [
    `  package ${kept.artifactId}  ${about.join(' · ')}`,
    ...(reasons === '' ? [] : [`          kept: ${reasons}`]),
    ...kept.problems.map((problem) => `          ! ${problem}`),
  ];
}

function seenLines({ seen }: Entry): string[] {
  return seen.map(({ deviceName, firstAt, lastAt, installedNow }) => {
    const [first, last] = [day(firstAt), day(lastAt)];
    const when = first === last ? `on ${first}` : `${first} to ${last}`;
    return `  seen    ${deviceName}, ${when}${installedNow ? ', installed now' : ''}`;
  });
}

function dataLines({ data, dataSnapshots }: Entry): string[] {
  const [newest] = data;
  if (newest === undefined) return [];
  const several = dataSnapshots === 1 ? '1 backup' : `${String(dataSnapshots)} backups`;
  const notes = [newest.encrypted ? 'encrypted' : '', newest.offloaded ? 'offloaded' : ''];
  const about = notes.filter(Boolean).join(', ');
  return [
    `  data    in ${several}, newest ${newest.snapshotId} of ${day(newest.takenAt)}${about === '' ? '' : ` (${about})`}`,
  ];
}

function changeLines({ changes }: Entry): string[] {
  if (changes === null) return [];
  const { bytes, minimumOs, permissions, frameworks, newSignals } = changes;
  const parts = [
    bytes === 0 ? '' : `${bytes > 0 ? '+' : '−'}${formatBytes(Math.abs(bytes))} unpacked`,
    minimumOs === null ? '' : `iOS ${minimumOs.from ?? '–'} → ${minimumOs.to ?? '–'}`,
    listed('asks for', permissions.added.map(permissionName)),
    listed('asks no more for', permissions.dropped.map(permissionName)),
    listed('new frameworks', frameworks.added),
    listed('gone frameworks', frameworks.dropped),
    listed(
      'signs of payment',
      newSignals.map(({ kind, evidence }) => `${evidence} (${kind})`),
    ),
  ].filter(Boolean);
  return parts.length === 0 ? [] : [`  since ${changes.since}: ${parts.join(' · ')}`];
}

function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${what} ${names.join(', ')}`;
}

/** `NSCameraUsageDescription` as `Camera`. */
function permissionName(key: string): string {
  return key.replace(/^NS/, '').replace(/UsageDescription$/, '');
}

function day(text: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(new Date(text));
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
  const whose = of === undefined ? 'your devices' : of.name;
  const text =
    page.total === 0
      ? `No gap: of every version that ${whose} told of, a package is kept.`
      : [
          `${page.total === 1 ? '1 version' : `${String(page.total)} versions`} without a package, the most pressing first`,
          ...page.items.flatMap((gap) => ['', ...gapLines(gap)]),
        ].join('\n');
  context.output.result(page, text + more(page.nextCursor));
  return page.total === 0 ? EXIT.ok : EXIT.partly;
}

const KINDS = {
  'about-to-be-lost': 'ABOUT TO BE LOST',
  seen: 'seen',
  data: 'data without package',
} as const;

function gapLines(gap: FoundGap): string[] {
  const version = gap.version ?? (gap.build === null ? 'unknown version' : `build ${gap.build}`);
  const store = gap.externalVersionId === null ? '' : ` · store ${gap.externalVersionId}`;
  return [
    `${gap.name ?? gap.bundleId} ${version}${store} · ${gap.bundleId} · ${KINDS[gap.kind]}`,
    ...gap.devices.map(
      ({ deviceName, lastAt, installedNow }) =>
        `  ${installedNow ? 'on' : 'last seen on'} ${deviceName}, ${day(lastAt)}`,
    ),
    `  ${gap.next}`,
  ];
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
