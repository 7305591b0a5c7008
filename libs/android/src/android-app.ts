/** Before the package name of an app for Android: no bundle id of iOS has a colon, so that the two never mix. */
const PREFIX = 'android:';

/** What stands for an app for Android wherever a bundle id stands for one for iOS: `android:com.example.app`. */
export function androidAppId(packageName: string): string {
  return `${PREFIX}${packageName}`;
}

export function isAndroidAppId(bundleId: string): boolean {
  return bundleId.startsWith(PREFIX);
}
