import { formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';

type Entry = Schemas['TimelineEntryDto'];
type FoundGap = Schemas['FoundGapDto'];

/** A timeline as a person reads it. */
export function timelineText(entries: readonly Entry[]): string {
  const bundleIds = [...new Set(entries.map(({ bundleId }) => bundleId))].reverse();
  const name = entries.map((entry) => entry.name).find((one) => one !== null) ?? '';
  const several = bundleIds.length > 1;
  return [
    `${name} (${bundleIds.join(' → ')}), newest version first`.trim(),
    ...entries.flatMap((entry) => ['', ...entryLines(entry, several)]),
  ].join('\n');
}

/** @param whose what was looked at: a device's name, `your devices` */
export function gapsText(gaps: readonly FoundGap[], whose: string): string {
  if (gaps.length === 0)
    return `No gap: of every version that ${whose} told of, a package is kept.`;
  return [
    'Versions without a package, the most pressing first',
    ...gaps.flatMap((gap) => ['', ...gapLines(gap)]),
  ].join('\n');
}

function entryLines(entry: Entry, several: boolean): string[] {
  return [
    titleOf(entry, several),
    ...entry.packages.flatMap(packageLines),
    ...seenLines(entry),
    ...dataLines(entry),
    ...changeLines(entry),
    ...(entry.gap === null ? [] : [`  NO PACKAGE: ${entry.gap.next}`]),
    ...(entry.gap === null && entry.packages.length === 0 ? [KEPT_ELSEWHERE] : []),
  ];
}

const KEPT_ELSEWHERE =
  '  package kept under another number of the store, or none: see the entry that shows the same version';

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
  // That nothing is removed at all need not be said at each.
  const told = kept.reasons.filter(({ code }) => code !== 'no-policy');
  const reasons = told.map(({ text }) => text).join('; ');
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
