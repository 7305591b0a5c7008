/** What people ask for by name, and where iOS keeps it in a backup. */
export type AreaName =
  | 'messages'
  | 'message-attachments'
  | 'photos'
  | 'contacts'
  | 'calendars'
  | 'notes'
  | 'call-history'
  | 'voice-memos'
  | 'bookmarks'
  | 'health'
  | 'passwords'
  | 'wifi'
  | 'home';

export interface Area {
  readonly name: AreaName;
  readonly domains: readonly string[];
  /** Which paths of the domains; all without it. */
  readonly paths?: RegExp;
  /** Apple puts it in only when the backup is encrypted (design/ios-facts.md 3.10). */
  readonly encryptedOnly?: boolean;
}

/**
 * An open set: what is not named here is in the list of domains all the same. Places: the backup formats described by libimobiledevice, MVT and
 * iLEAPP; whatever is found is counted, nothing is concluded from a place that is empty but that nothing is there.
 */
export const AREAS: readonly Area[] = [
  { name: 'messages', domains: ['HomeDomain'], paths: /^Library\/SMS\/sms\.db/ },
  {
    ...{ name: 'message-attachments', domains: ['MediaDomain', 'HomeDomain'] },
    paths: /^Library\/SMS\/Attachments\//,
  },
  { name: 'photos', domains: ['CameraRollDomain'], paths: /^Media\/DCIM\// },
  {
    name: 'contacts',
    domains: ['HomeDomain'],
    paths: /^Library\/AddressBook\/AddressBook\.sqlitedb/,
  },
  { name: 'calendars', domains: ['HomeDomain'], paths: /^Library\/Calendar\/Calendar\.sqlitedb/ },
  {
    ...{ name: 'notes', domains: ['AppDomainGroup-group.com.apple.notes', 'HomeDomain'] },
    paths: /^(?:NoteStore\.sqlite|Library\/Notes\/notes\.sqlite)/,
  },
  {
    ...{ name: 'call-history', domains: ['HomeDomain'], encryptedOnly: true },
    paths: /^Library\/CallHistoryDB\//,
  },
  {
    name: 'voice-memos',
    domains: ['MediaDomain', 'AppDomainGroup-group.com.apple.VoiceMemos.shared'],
    paths: /(?:^|\/)Recordings\//,
  },
  { name: 'bookmarks', domains: ['HomeDomain'], paths: /^Library\/Safari\/Bookmarks\.db/ },
  { name: 'health', domains: ['HealthDomain'], encryptedOnly: true },
  { name: 'passwords', domains: ['KeychainDomain'], encryptedOnly: true },
  {
    ...{ name: 'wifi', domains: ['SystemPreferencesDomain'], encryptedOnly: true },
    paths: /^SystemConfiguration\/com\.apple\.wifi/,
  },
  { name: 'home', domains: ['HomeKitDomain'], encryptedOnly: true },
];

const BY_DOMAIN: ReadonlyMap<string, readonly Area[]> = new Map(
  [...new Set(AREAS.flatMap(({ domains }) => domains))].map((domain) => [
    domain,
    AREAS.filter(({ domains }) => domains.includes(domain)),
  ]),
);
const NONE: readonly Area[] = [];

/** The areas a file belongs to. Asked for each of a backup's files: most domains have none. */
export function areasOf(domain: string, path: string): AreaName[] {
  return (BY_DOMAIN.get(domain) ?? NONE)
    .filter(({ paths }) => paths === undefined || paths.test(path))
    .map(({ name }) => name);
}
