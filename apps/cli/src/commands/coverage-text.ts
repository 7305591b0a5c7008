import { formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import { table } from '../terminal/table.js';
import { when } from './lists.js';

type Coverage = Schemas['SnapshotCoverageDto'];
type Line = Schemas['ChecklistLineDto'];
type Amount = Schemas['AmountDto'];

/** In this order: what to act on before a phone is wiped comes last, where the eye stays. */
const OUTCOMES: readonly (readonly [Line['outcome'], string])[] = [
  ['comes-back', 'A restore brings back by itself'],
  ['fetch-afterwards', 'To sync or download afterwards'],
  ['unknown', 'Not known'],
  ['gone', 'Will be gone'],
];
/** Of apps of which the same is said, so many are named. */
const NAMED = 5;
/** What is said of many apps at once. */
const TOGETHER: Partial<Record<Line['reason'], (apps: string) => string>> = {
  'no-package': (apps) => `No package is kept here of ${apps}; only the App Store has them.`,
  'no-data': (apps) =>
    `No data in the backup of ${apps}; they may keep them out, or on their servers.`,
  'settings-only': (apps) => `Nothing but settings is in the backup of ${apps}.`,
  offloaded: (apps) => `Offloaded, so their data come back and they must be downloaded: ${apps}.`,
};

/** What a backup contains and what it does not, in words; apps only where something is to be said, unless `all`. */
export function coverageText(coverage: Coverage, all: boolean): string {
  return [
    ...(coverage.only === null ? [] : [`Of ${coverage.only.join(', ')} alone:`]),
    ...amountLines(coverage),
    ...OUTCOMES.flatMap(([outcome, title]) => section(coverage, outcome, title)),
    ...(all ? tables(coverage) : hint(coverage)),
  ].join('\n');
}

function amountLines({ total, payloads, counted, cloud, only }: Coverage): string[] {
  if (!counted) {
    const stored =
      payloads === null
        ? []
        : [`  stored   ${files(payloads.files)}, ${formatBytes(payloads.bytes)}, encrypted`];
    return [...stored, '  listed   only the password of the backup would show its list of files'];
  }
  const missing = total === null ? '' : missingText(total);
  return [
    ...(total === null ? [] : [`  listed   ${amountText(total)}${missing}`]),
    ...(only === null ? [`  iCloud   ${cloudText(cloud)}`] : []),
  ];
}

function cloudText({ photos, photosInCloud, photosSyncedAt, messages }: Coverage['cloud']): string {
  const last = photosSyncedAt === null ? '' : ` on ${when(photosSyncedAt)}`;
  const many = photosInCloud === null ? '' : ` (${String(photosInCloud)} there${last})`;
  return `photos: ${photos}${many}, messages: ${messages}, Drive: unknown`;
}

function section(coverage: Coverage, outcome: Line['outcome'], title: string): string[] {
  const lines = coverage.checklist.filter((line) => line.outcome === outcome);
  const said = [
    ...lines.filter(({ reason }) => TOGETHER[reason] === undefined).map(sentence(coverage)),
    ...together(lines),
    ...(outcome === 'comes-back' ? appsThatComeBack(coverage) : []),
  ];
  return said.length === 0 ? [] : ['', title, ...said.map((text) => `  ${text}`)];
}

function sentence({ areas }: Coverage): (line: Line) => string {
  const there = new Map(areas.map((area) => [area.area, area]));
  return ({ about, outcome, text }) => {
    const amount = outcome === 'comes-back' ? there.get(about) : undefined;
    return amount === undefined ? text : `${text} ${amountText(amount)}`;
  };
}

/** One line for each thing that is said of apps. */
function together(lines: readonly Line[]): string[] {
  return (Object.keys(TOGETHER) as Line['reason'][]).flatMap((reason) => {
    const same = lines.filter((line) => line.reason === reason);
    const say = TOGETHER[reason];
    if (say === undefined || same.length < 2) return same.map(({ text }) => text);
    return [say(names(same))];
  });
}

function names(lines: readonly Line[]): string {
  const all = lines.map(({ text }) => text.slice(0, text.indexOf(': ')));
  const rest = all.length - NAMED;
  const some = all.slice(0, NAMED).join(', ');
  return rest > 0 ? `${some} and ${String(rest)} more` : some;
}

function appsThatComeBack({ apps }: Coverage): string[] {
  const withData = apps.filter(({ content }) => content === 'data');
  if (withData.length === 0) return [];
  const sum = { files: 0, bytes: 0, missingFiles: 0 };
  for (const { amount } of withData) {
    sum.files += amount?.files ?? 0;
    sum.bytes += amount?.bytes ?? 0;
    sum.missingFiles += amount?.missingFiles ?? 0;
  }
  const count = withData.length === 1 ? '1 app' : `${String(withData.length)} apps`;
  return [`Data of ${count}: in the backup${missingText(sum)}. ${amountText(sum)}`];
}

function hint({ apps, counted }: Coverage): string[] {
  return apps.length === 0 && !counted ? [] : ['', '--all shows every app and domain.'];
}

function tables({ apps, domains, uncounted }: Coverage): string[] {
  const appLines = apps.map((app) => [
    app.name ?? app.bundleId,
    app.version ?? '–',
    app.presence,
    app.content,
    ...cells(app.amount),
    app.packageKept ? 'kept' : '–',
  ]);
  const domainLines = [
    ...domains.map(({ domain, ...amount }) => [domain, ...cells(amount)]),
    ...(uncounted === null ? [] : [['further domains', ...cells(uncounted)]]),
  ];
  const appHeader = ['APP', 'VERSION', 'WAS', 'CONTENT', 'FILES', 'SIZE', 'MISSING', 'PACKAGE'];
  return [
    ...(appLines.length === 0 ? [] : ['', table(appHeader, appLines)]),
    ...(domainLines.length === 0
      ? []
      : ['', table(['DOMAIN', 'FILES', 'SIZE', 'MISSING'], domainLines)]),
  ];
}

function cells(amount: Amount | null): string[] {
  if (amount === null) return ['–', '–', '–'];
  return [String(amount.files), formatBytes(amount.bytes), String(amount.missingFiles)];
}

function amountText(amount: Amount): string {
  return `${files(amount.files)}, ${formatBytes(amount.bytes)}`;
}

function missingText({ missingFiles }: Amount): string {
  return missingFiles === 0 ? '' : `; ${String(missingFiles)} of them did not arrive`;
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${String(count)} files`;
}
