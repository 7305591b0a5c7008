import { setImmediate } from 'node:timers/promises';
import type { CoveredFile, ManifestRow } from '@rootcellar/ios';
import type { TreeEntry } from '@rootcellar/vault';

/** A payload of a backup as it is stored. */
export interface StoredPayload {
  readonly fileId: string;
  readonly size: number;
}

/** Rows between two looks at what else waits: some milliseconds of them. */
const IN_ONE_TURN = 500;
const PAYLOAD = /^([0-9a-f]{2})\/(\1[0-9a-f]{38})$/;

/** The payloads among the entries of a tree, in ascending order of fileID, which is their path's. */
export async function* storedPayloads(
  entries: AsyncIterable<Pick<TreeEntry, 'path' | 'type' | 'size'>>,
): AsyncGenerator<StoredPayload> {
  for await (const { path, type, size } of entries) {
    const fileId = type === 'file' ? PAYLOAD.exec(path)?.[2] : undefined;
    if (fileId !== undefined) yield { fileId, size };
  }
}

/**
 * Tells of each file that Manifest.db lists whether its payload arrived and how large it is: a merge join in constant memory. Lets others
 * have their turn in between, as rows come without waiting.
 *
 * @param rows in ascending order of fileID, as are
 * @param payloads of the same backup
 */
export async function eachFile(
  rows: Iterable<ManifestRow>,
  payloads: AsyncIterator<StoredPayload, unknown>,
  tell: (file: CoveredFile) => void,
): Promise<void> {
  let payload = await payloads.next();
  let steps = 0;
  const step = async (): Promise<void> => {
    steps += 1;
    if (steps % IN_ONE_TURN === 0) await setImmediate();
  };
  for (const { fileId, type, domain, relativePath: path } of rows) {
    while (payload.done !== true && payload.value.fileId < fileId) {
      payload = await payloads.next();
      await step();
    }
    const next = payload.done === true ? undefined : payload.value;
    const bytes = next?.fileId === fileId ? next.size : undefined;
    if (type === 'file') tell({ domain, path, bytes });
    await step();
  }
}
