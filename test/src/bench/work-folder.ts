import { chmod, mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface WorkFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** A new folder below `parent` with room for `neededBytes`. @throws Error for the user when there is not. */
export async function makeWorkFolder(
  parent: string | undefined,
  neededBytes: number,
): Promise<WorkFolder> {
  const above = resolve(parent ?? tmpdir());
  await mkdir(above, { recursive: true });
  const { bavail, bsize } = await statfs(above);
  if (bavail * bsize < neededBytes) {
    const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
    throw new Error(
      `${above} has ${gigabytes(bavail * bsize)} GB free; this benchmark may need ${gigabytes(neededBytes)}. ` +
        'Give another place with --work, or a smaller --size-mib.',
    );
  }
  const path = await mkdtemp(join(above, 'rootcellar-bench-'));
  // PostgreSQL does not run as root: its own user must reach the service's data folder in here.
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
