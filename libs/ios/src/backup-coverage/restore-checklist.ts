import { areaLine } from './area-line.js';
import type { ChecklistLine, ChecklistReason, Outcome } from './checklist-line.js';
import { KNOWN_APPS } from './known-apps.js';
import type { AppAmount, BackupCoverage, CoveredApp } from './coverage.js';

/** Whatever the backup: iOS never puts these in (design/ios-facts.md 3.10). */
const ALWAYS: readonly ChecklistLine[] = [
  always(
    'fetch-afterwards',
    'apps',
    'Apps themselves: the device downloads the newest versions from the App Store; older ones come from the packages kept here.',
  ),
  always(
    'fetch-afterwards',
    'media',
    'Music, films and books that were synced from a computer or bought: sync or download them again.',
  ),
  always(
    'fetch-afterwards',
    'mail',
    'E-mail: the accounts come back, the messages are downloaded again.',
  ),
  always(
    'fetch-afterwards',
    'icloud-drive',
    'iCloud Drive: its files are not in a backup; they come from iCloud.',
  ),
  always('gone', 'unlocking', 'Face ID, Touch ID and the passcode: set them up again.'),
  always('gone', 'apple-pay', 'Cards of Apple Pay: add them again.'),
  always('gone', 'caches', 'What apps keep in caches, or keep out of backups themselves.'),
];

function always(outcome: Outcome, about: string, text: string): ChecklistLine {
  return { outcome, reason: 'always', about, text };
}

/**
 * What a restore from a backup brings back by itself, what must be fetched afterwards, and what will be gone.
 * @param kept bundle ids of which a package is kept here
 */
export function restoreChecklist(
  coverage: BackupCoverage,
  kept: ReadonlySet<string>,
): readonly ChecklistLine[] {
  return [
    ...coverage.areas.map((area) => areaLine(area, coverage)),
    ...appsChecklist(coverage, kept),
    ...ALWAYS,
  ];
}

/** The lines about apps alone: for whom only some apps' data are. */
export function appsChecklist(
  { apps, encrypted }: Pick<BackupCoverage, 'apps' | 'encrypted'>,
  kept: ReadonlySet<string>,
): readonly ChecklistLine[] {
  return apps.flatMap((app) => [
    ...contentLines(app),
    ...commonLines(app, { encrypted, kept, arrived: app.content === 'data' }),
  ]);
}

/**
 * Of an encrypted backup, what can be said without its password.
 * @param apps that the backup's property lists say were on the device
 */
export function checklistWithoutPassword(
  apps: readonly CoveredApp[],
  kept: ReadonlySet<string>,
): readonly ChecklistLine[] {
  return [
    {
      ...{ outcome: 'unknown', reason: 'password', about: 'password' },
      text: 'What is in it file by file: only the password of the backup would show it. Without the password nothing of it comes back, so check that somebody knows it.',
    },
    {
      ...{ outcome: 'unknown', reason: 'password', about: 'encrypted-only' },
      text: 'Saved passwords, Health, calls, Wi-Fi networks and the set-up of the home: encrypted backups can contain them; only the password would show whether this one does.',
    },
    ...apps.flatMap((app) => commonLines(app, { encrypted: true, kept, arrived: false })),
    ...ALWAYS,
  ];
}

function contentLines(app: AppAmount): ChecklistLine[] {
  if (app.presence !== 'installed' || KNOWN_APPS.has(app.bundleId)) return [];
  if (app.content === 'empty') {
    const text = 'has no data in the backup; it may keep them out, or on its own server.';
    return [line(app, 'gone', 'no-data', text)];
  }
  return app.content === 'settings'
    ? [line(app, 'unknown', 'settings-only', 'only its settings are in the backup.')]
    : [];
}

function commonLines(
  app: CoveredApp,
  {
    encrypted,
    kept,
    arrived,
  }: {
    readonly encrypted: boolean;
    readonly kept: ReadonlySet<string>;
    /** Whether some of its data are in the backup for certain. */
    readonly arrived: boolean;
  },
): ChecklistLine[] {
  const { bundleId, presence } = app;
  const lines: ChecklistLine[] = [];
  const known = KNOWN_APPS.get(bundleId);
  if (known !== undefined && !(known.onlyPlain === true && encrypted)) {
    const some = arrived ? ' Some of its files are in this backup.' : '';
    lines.push(line(app, known.outcome, 'known-for', `${known.text}${some}`));
  }
  if (presence === 'offloaded') {
    const text = 'was offloaded; its data come back, the app must be downloaded.';
    lines.push(line(app, 'fetch-afterwards', 'offloaded', text));
  }
  if (presence === 'installed' && !kept.has(bundleId)) {
    const text = 'no package of it is kept here; only the App Store has it.';
    lines.push(line(app, 'fetch-afterwards', 'no-package', text));
  }
  return lines;
}

function line(
  { bundleId, name = bundleId }: CoveredApp,
  outcome: Outcome,
  reason: ChecklistReason,
  text: string,
): ChecklistLine {
  return { outcome, reason, about: `app:${bundleId}`, text: `${name}: ${text}` };
}
