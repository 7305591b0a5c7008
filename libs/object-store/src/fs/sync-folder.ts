import { errnoOf } from './fs-errors.js';
import type { FileCalls } from './file-calls.js';

/** Network and FUSE file systems that cannot flush a folder say so; there is nothing more to be had. */
const UNABLE: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Makes names given or taken in a folder outlive a power cut. Windows has no such call and needs none on NTFS. */
export async function syncFolder(files: FileCalls, path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await files.open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (!UNABLE.has(errnoOf(error) ?? '')) throw error;
  } finally {
    await folder.close();
  }
}
