import { formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import { countedList, listLine, permissionName } from './diff-words.js';
import { versionOf } from './package-names.js';
import { signalLine } from './signal-text.js';

type Changes = Schemas['PackageChangesDto'];

const FILES_SHOWN = 8;
const SENTENCES_SHOWN = 6;

/** What a person wants to know first, first. */
export function diffText(changes: Changes): string {
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['What got bigger', biggerLines(changes)],
    ['What it newly asks for', askedLines(changes)],
    ['Signs of how it earns money (signs, not proofs)', signalLines(changes)],
    ['Where it runs', runsLines(changes)],
    ['Also', otherLines(changes)],
  ];
  return [
    ...titleLines(changes),
    ...sections.flatMap(([title, lines]) =>
      lines.length === 0 ? [] : ['', `${title}:`, ...lines],
    ),
  ].join('\n');
}

function titleLines({ before, after, app, stored, bytes, files }: Changes): string[] {
  const sameApp = app === 'same';
  const shared = `${formatBytes(stored.sharedBytes)} of the second are in the first too, ${formatBytes(stored.newBytes)} are new`;
  return [
    sameApp
      ? `${after.name} ${versionOf(before)} → ${versionOf(after)}, ${after.bundleId}`
      : `${before.name} ${versionOf(before)}, ${before.bundleId} → ${after.name} ${versionOf(after)}, ${after.bundleId}`,
    ...(app === 'different' ? ['These are two different apps.'] : []),
    ...(app === 'linked' ? ['Two bundle ids, linked: one app goes on as the other.'] : []),
    ...[before, after].flatMap(({ problems, ...one }) =>
      problems.map(({ message }) => `! ${versionOf(one)}: ${message}`),
    ),
    `Package ${change(before.size, after.size)}; ${shared}.`,
    `Unpacked ${change(bytes.before, bytes.after)}.`,
    `Files: ${String(files.added)} added, ${String(files.removed)} removed, ${String(files.changed)} changed, ${String(files.same)} the same.`,
  ];
}

function change(before: number, after: number): string {
  return `${formatBytes(before)} → ${formatBytes(after)} (${signed(after - before)})`;
}

function signed(bytes: number): string {
  if (bytes === 0) return 'no change';
  return `${bytes < 0 ? '−' : '+'}${formatBytes(Math.abs(bytes))}`;
}

function biggerLines({ files }: Changes): string[] {
  const grown = files.largest
    .map((file) => ({ ...file, by: (file.bytesAfter ?? 0) - (file.bytesBefore ?? 0) }))
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by);
  const lines = grown
    .slice(0, FILES_SHOWN)
    .map(
      ({ path, by, bytesBefore }) =>
        `  ${signed(by)}  ${path}${bytesBefore === null ? ' (new)' : ''}`,
    );
  const more = grown.length - lines.length;
  return more > 0 ? [...lines, `  and ${String(more)} more that grew`] : lines;
}

/** What reaches into somebody's life, or into the device. */
function askedLines({ permissions, privacy, backgroundModes, entitlements }: Changes): string[] {
  return [
    ...permissions.added.map((name) => `  + ${permissionName(name)} (${name})`),
    ...permissions.removed.map((name) => `  − no longer: ${permissionName(name)} (${name})`),
    ...permissions.reworded.map((name) => `  · in other words: ${permissionName(name)} (${name})`),
    ...(privacy.tracking === null
      ? []
      : [
          privacy.tracking.after
            ? '  + it says that it tracks across apps and sites'
            : '  − it no longer says that it tracks across apps and sites',
        ]),
    ...listLine('tracking domains', privacy.trackingDomains),
    ...listLine('data it says it collects', privacy.collected, shortPrivacy),
    ...listLine('interfaces it says it uses', privacy.accessedApis, shortPrivacy),
    ...listLine('work in the background', backgroundModes),
    ...(entitlements === null ? [] : listLine('entitlements', entitlements)),
  ];
}

function shortPrivacy(name: string): string {
  return name.replace(/^NSPrivacy(?:CollectedDataType|AccessedAPICategory)/, '');
}

function signalLines({ signals }: Changes): string[] {
  const lines = (mark: string, found: Changes['signals']['appeared']): string[] =>
    countedList(
      [...Map.groupBy(found, ({ kind, evidence }) => `${kind} ${evidence}`).values()].flatMap(
        ([first, ...others]) =>
          first === undefined ? [] : [`  ${mark} ${signalLine(first)}${alsoIn(others.length)}`],
      ),
      SENTENCES_SHOWN,
    );
  return [...lines('+', signals.appeared), ...lines('−', signals.gone)];
}

/** The same sentence stands in the files of many languages. */
function alsoIn(others: number): string {
  return others === 0 ? '' : ` and ${String(others)} more places`;
}

function runsLines({ minimumOs, deviceFamilies, requiredCapabilities }: Changes): string[] {
  const families = (numbers: readonly number[]): string =>
    numbers.map((number) => FAMILIES[number] ?? `family ${String(number)}`).join(', ') ||
    'not said';
  return [
    ...(minimumOs === null
      ? []
      : [`  Oldest iOS: ${minimumOs.before ?? 'any'} → ${minimumOs.after ?? 'any'}`]),
    ...(deviceFamilies === null
      ? []
      : [`  Devices: ${families(deviceFamilies.before)} → ${families(deviceFamilies.after)}`]),
    ...listLine('required of the device', requiredCapabilities),
  ];
}

const FAMILIES: Readonly<Record<number, string>> = {
  ...{ 1: 'iPhone', 2: 'iPad', 3: 'Apple TV', 4: 'Apple Watch', 7: 'Apple Vision' },
};

function otherLines(changes: Changes): string[] {
  const { name, entitlements } = changes;
  return [
    ...(name === null ? [] : [`  Name: ${name.before ?? ''} → ${name.after ?? ''}`]),
    ...listLine('frameworks', changes.frameworks),
    ...listLine('extensions', changes.extensions),
    ...listLine('links it opens', changes.urlSchemes),
    ...listLine('languages', changes.localisations),
    ...listLine('libraries it is linked with', movedLeftOut(changes.linkedLibraries)),
    ...(entitlements === null
      ? ['  Entitlements cannot be compared: those of one package cannot be read.']
      : listLine('entitlements with another value', { added: entitlements.changed, removed: [] })),
  ];
}

/** By name: one that only lies elsewhere is the same to a person. `/System/…/StoreKit.framework/StoreKit` is `StoreKit`. */
function movedLeftOut({ added, removed }: Schemas['DifferenceDto']): Schemas['DifferenceDto'] {
  const name = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const [came, went] = [new Set(added.map(name)), new Set(removed.map(name))];
  return {
    added: [...came].filter((each) => !went.has(each)),
    removed: [...went].filter((each) => !came.has(each)),
  };
}
