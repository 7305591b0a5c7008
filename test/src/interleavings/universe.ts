import { join } from 'node:path';
import { smallBackup } from '../integration/sent-backup.js';
import type { SmallBackup } from '../integration/sent-backup.js';
import { noise } from '../journeys/sample-content.js';

/** A few backups of two phones that share photos in every way, so that what one lets go another may need. */
export async function makeUniverse(
  folder: string,
): Promise<readonly [SmallBackup, ...SmallBackup[]]> {
  const photos = [[1, 2], [2, 3], [1, 2, 3, 4], [4, 5], [5], [1, 5, 6]];
  const [first, ...others] = await Promise.all(
    photos.map(async (numbers, at) => {
      const files = numbers.map((n) => ({
        ...{ domain: 'CameraRollDomain', path: `Media/${n}.jpg` },
        content: noise(`photo ${n}`, 3000 + 500 * n),
      }));
      const udid = String(at % 2).padStart(40, '0');
      return smallBackup(join(folder, String(at)), { udid, files });
    }),
  );
  if (first === undefined) throw new Error('a universe without backups');
  return [first, ...others];
}
