import type { AreaName } from './areas.js';
import type { AppAmount, AreaAmount, BackupCoverage } from './coverage.js';

/** What becomes of something after a restore. */
export type Outcome = 'comes-back' | 'fetch-afterwards' | 'gone' | 'unknown';

export interface ChecklistLine {
  readonly outcome: Outcome;
  /** What it is about, for programs: an area, `app:<bundle id>`, or a word of its own. */
  readonly about: string;
  /** One sentence for people. */
  readonly text: string;
}

const AREA_NAMES: Readonly<Record<AreaName, string>> = {
  messages: 'Messages',
  'message-attachments': 'Pictures and files in messages',
  photos: 'Photos and videos of the camera roll',
  contacts: 'Contacts',
  calendars: 'Calendars',
  notes: 'Notes',
  'call-history': 'The list of calls',
  'voice-memos': 'Voice memos',
  bookmarks: 'Bookmarks',
  health: 'Health',
  passwords: 'Saved passwords and accounts',
  wifi: 'Passwords of Wi-Fi networks',
  home: 'Set-up of the home',
};
/** These may live in iCloud alone, which a backup does not tell for certain. */
const PERHAPS_IN_ICLOUD: ReadonlySet<AreaName> = new Set([
  ...(['messages', 'message-attachments', 'photos', 'contacts', 'calendars', 'notes'] as const),
  ...(['voice-memos', 'bookmarks'] as const),
]);

/** Whatever the backup: iOS never puts these in (design/ios-facts.md 3.10). */
const ALWAYS: readonly ChecklistLine[] = [
  {
    ...{ outcome: 'fetch-afterwards', about: 'apps' },
    text: 'Apps themselves: the device downloads the newest versions from the App Store; older ones come from the packages kept here.',
  },
  {
    ...{ outcome: 'fetch-afterwards', about: 'media' },
    text: 'Music, films and books that were synced from a computer or bought: sync or download them again.',
  },
  {
    ...{ outcome: 'fetch-afterwards', about: 'mail' },
    text: 'E-mail: the accounts come back, the messages are downloaded again.',
  },
  {
    outcome: 'gone',
    about: 'unlocking',
    text: 'Face ID, Touch ID and the passcode: set them up again.',
  },
  { outcome: 'gone', about: 'apple-pay', text: 'Cards of Apple Pay: add them again.' },
  {
    outcome: 'gone',
    about: 'caches',
    text: 'What apps keep in caches, or keep out of backups themselves.',
  },
];

/**
 * What a restore from a backup brings back by itself, what must be fetched afterwards, and what will be gone.
 * @param kept bundle ids of which a package is kept here
 */
export function restoreChecklist(
  coverage: BackupCoverage,
  kept: ReadonlySet<string>,
): readonly ChecklistLine[] {
  return [
    ...coverage.areas.map(areaLine),
    ...coverage.apps.flatMap((app) => appLines(app, kept)),
    ...ALWAYS,
  ];
}

function areaLine({ area, state, files, missingFiles }: AreaAmount): ChecklistLine {
  const name = AREA_NAMES[area];
  const about = area;
  if (state === 'held-back') {
    return {
      ...{ outcome: 'gone', about },
      text: `${name}: left out, because the backup is not encrypted.`,
    };
  }
  if (state === 'none') {
    return PERHAPS_IN_ICLOUD.has(area)
      ? {
          outcome: 'unknown',
          about,
          text: `${name}: none in the backup; if they live in iCloud, they come from there.`,
        }
      : { outcome: 'gone', about, text: `${name}: none in the backup.` };
  }
  const part = missingFiles > 0 ? `; ${missingFiles} of ${files} files are missing` : '';
  return { outcome: 'comes-back', about, text: `${name}: in the backup${part}.` };
}

function appLines(app: AppAmount, kept: ReadonlySet<string>): ChecklistLine[] {
  const name = app.name ?? app.bundleId;
  const about = `app:${app.bundleId}`;
  const lines: ChecklistLine[] = [];
  if (app.presence === 'installed' && app.content === 'empty')
    lines.push({
      outcome: 'gone',
      about,
      text: `${name}: has no data in the backup; it may keep them out, or on its own server.`,
    });
  if (app.presence === 'installed' && app.content === 'settings')
    lines.push({
      outcome: 'unknown',
      about,
      text: `${name}: only its settings are in the backup.`,
    });
  if (app.presence === 'offloaded')
    lines.push({
      outcome: 'fetch-afterwards',
      about,
      text: `${name}: was offloaded; its data come back, the app must be downloaded.`,
    });
  if (app.presence === 'installed' && !kept.has(app.bundleId))
    lines.push({
      outcome: 'fetch-afterwards',
      about,
      text: `${name}: no package of it is kept here; only the App Store has it.`,
    });
  return lines;
}
