import type { AreaName } from './areas.js';
import type { CloudFacts, CloudState } from './cloud-facts.js';
import type { AreaAmount, BackupCoverage } from './coverage.js';
import type { ChecklistLine } from './checklist-line.js';

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
/** These may live in iCloud alone. */
const PERHAPS_IN_ICLOUD: ReadonlySet<AreaName> = new Set([
  ...(['messages', 'message-attachments', 'photos', 'contacts', 'calendars', 'notes'] as const),
  ...(['voice-memos', 'bookmarks'] as const),
]);

/** What becomes of an area after a restore, as far as the backup tells. */
export function areaLine(
  amount: AreaAmount,
  { cloud, encrypted }: Pick<BackupCoverage, 'cloud' | 'encrypted'>,
): ChecklistLine {
  const { area, state } = amount;
  const name = AREA_NAMES[area];
  if (state === 'held-back') {
    const text = `${name}: left out, because the backup is not encrypted.`;
    return { outcome: 'gone', reason: 'area', about: area, text };
  }
  if (state === 'there' && area === 'passwords' && !encrypted) {
    // Apple's platform security guide: without a password of the backup, under a key that never leaves the device.
    const text = `${name}: in the backup, under a key of this very device, because it is not encrypted. On another one they will be gone.`;
    return { outcome: 'unknown', reason: 'area', about: area, text };
  }
  const inCloud = cloudOf(area, cloud);
  return state === 'there'
    ? {
        ...{ outcome: 'comes-back', reason: 'area', about: area },
        text: thereText(name, amount, inCloud),
      }
    : { reason: 'area', about: area, ...noneOf(name, inCloud) };
}

type InCloud = CloudState | 'never';

function cloudOf(area: AreaName, cloud: CloudFacts): InCloud {
  if (area === 'photos') return cloud.photos;
  if (area === 'messages' || area === 'message-attachments') return cloud.messages;
  return PERHAPS_IN_ICLOUD.has(area) ? 'unknown' : 'never';
}

function thereText(name: string, { files, missingFiles }: AreaAmount, inCloud: InCloud): string {
  const part =
    missingFiles > 0 ? `; ${String(missingFiles)} of ${String(files)} files are missing` : '';
  const rest =
    inCloud === 'on' ? ' They live in iCloud too: what is not here comes from there.' : '';
  return `${name}: in the backup${part}.${rest}`;
}

function noneOf(name: string, inCloud: InCloud): Pick<ChecklistLine, 'outcome' | 'text'> {
  switch (inCloud) {
    case 'on':
      return {
        outcome: 'fetch-afterwards',
        text: `${name}: none in the backup; they live in iCloud and come from there.`,
      };
    case 'unknown':
      return {
        outcome: 'unknown',
        text: `${name}: none in the backup; if they live in iCloud, they come from there.`,
      };
    case 'off':
      return {
        outcome: 'gone',
        text: `${name}: none in the backup, and it says that they do not live in iCloud.`,
      };
    case 'never':
      return { outcome: 'gone', text: `${name}: none in the backup.` };
  }
}
