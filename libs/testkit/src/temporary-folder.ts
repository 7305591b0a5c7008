import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  remove(): Promise<void>;
}

/** A new empty folder. Other users may enter it: PostgreSQL does not run as root and must reach its data inside. */
export async function makeTemporaryFolder(name = 'rootcellar-test'): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`));
  await chmod(path, 0o755);
  // A process that was just killed may still be writing.
  const remove = async (): Promise<void> =>
    rm(path, { recursive: true, force: true, maxRetries: 5 });
  return { path, remove, [Symbol.asyncDispose]: remove };
}
