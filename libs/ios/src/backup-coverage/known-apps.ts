/** What the makers of an app said of its data in backups. */
export interface KnownApp {
  /** One sentence without the app's name: what it is known for, and what to do before a phone is wiped. */
  readonly text: string;
  /** What becomes of the data after a restore. */
  readonly outcome: 'fetch-afterwards' | 'gone';
  /** Only of backups that are not encrypted. */
  readonly onlyPlain?: boolean;
}

/**
 * Apps whose makers said that their data stay out of backups. Each with the place where they said it: an app may change its mind,
 * so this is told as "known for", beside what really arrived.
 */
export const KNOWN_APPS: ReadonlyMap<string, KnownApp> = new Map<string, KnownApp>([
  [
    'org.whispersystems.signal',
    {
      // signalapp/Signal-iOS #826, #901, #2290: "by design", "an intended decision".
      text: 'is known for keeping its messages out of backups; use its own transfer to the new phone first.',
      outcome: 'gone',
    },
  ],
  [
    'im.vector.app',
    {
      // element-hq/element-ios #5557 and matrix-org/matrix-ios-sdk #1361: everything is excluded.
      text: 'is known for keeping its data out of backups; messages come from its server after signing in, if their keys were saved.',
      outcome: 'fetch-afterwards',
    },
  ],
  [
    'me.mattrubin.authenticator',
    {
      // mattrubin/Authenticator #145, #242: its tokens are items of the keychain.
      text: 'is known for keeping its codes in the keychain, which only encrypted backups contain; move them first.',
      outcome: 'gone',
      onlyPlain: true,
    },
  ],
]);
