import type { ChunkRef, EntryRecord } from '@rootcellar/chunking';
import { ArchiveError } from '@rootcellar/model';
import type { RootWriter } from '@rootcellar/vault';

/** Feeds a sender's entries to a root. @returns the number of files */
export async function writeEntries(
  root: RootWriter,
  records: AsyncIterable<EntryRecord>,
): Promise<number> {
  let files = 0;
  const source = records[Symbol.asyncIterator]();
  let next = await source.next();
  while (next.done !== true) {
    const entry = next.value;
    if (entry.record !== 'entry')
      throw new ArchiveError('PROTOCOL_BROKEN', 'A list of chunks belongs to no file.');
    if (entry.type === 'file') files += 1;
    const { path, type, mtimeNs, size, refs } = entry;
    const head = { path, type, mtimeNs, size };
    if (refs.length === entry.chunks) {
      await root.add(head, [refs]);
      next = await source.next();
      continue;
    }
    let follow: IteratorResult<EntryRecord> | undefined;
    const batches = async function* (): AsyncGenerator<readonly ChunkRef[]> {
      yield refs;
      for (
        follow = await source.next();
        follow.done !== true && follow.value.record === 'more';
        follow = await source.next()
      ) {
        yield follow.value.refs;
      }
    };
    await root.add(head, batches());
    next = follow ?? (await source.next());
  }
  return files;
}
