import { MetadataSink } from '../tree/metadata-sink.js';
import { TreeWriter } from '../tree/tree-writer.js';
import type { WrittenTree } from '../tree/tree-writer.js';
import type { TreeEntry } from '../tree/tree-node.js';
import type { MemoryVault } from './open-memory-vault.js';

/** A sink for the vault's one upload, and the ids it has told to be durable. */
export function openSink({ parts, holder }: MemoryVault): {
  sink: MetadataSink;
  durable: string[];
} {
  const durable: string[] = [];
  const sink = new MetadataSink(parts, holder, async (ids) => {
    durable.push(...ids);
    return Promise.resolve();
  });
  return { sink, durable };
}

/** @param flushEvery makes the nodes written so far durable after so many entries */
export async function writeTree(
  opened: MemoryVault,
  entries: Iterable<TreeEntry>,
  flushEvery = Number.POSITIVE_INFINITY,
): Promise<WrittenTree> {
  const { sink } = openSink(opened);
  const writer = new TreeWriter(sink);
  let count = 0;
  for (const entry of entries) {
    await writer.add(entry);
    count += 1;
    if (count % flushEvery === 0) await sink.flush();
  }
  const tree = await writer.finish();
  await sink.flush();
  return tree;
}
