import { isAndroidAppId } from '@rootcellar/android';
import { ArchiveError } from '@rootcellar/model';

/**
 * For what is done with devices that run iOS: timelines out of backups, plans to go back, what can be installed.
 * @throws ArchiveError PACKAGE_NOT_FOR_IOS
 */
export function requireIosApp(bundleId: string): void {
  if (!isAndroidAppId(bundleId)) return;
  throw new ArchiveError(
    'PACKAGE_NOT_FOR_IOS',
    'This app is for Android. Backups and devices with iOS know nothing of it, and its data would not come along.',
    {
      hint: '`rootcellar app versions` lists its kept versions; `rootcellar app get` writes one back.',
    },
  );
}
