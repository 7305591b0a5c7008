import { encodeEndRecord, encodeEntryRecord, encodeMoreRecord } from '@rootcellar/chunking';
import type { ChunkRef } from '@rootcellar/chunking';
import type { TreeEntry } from '../tree/tree-node.js';
import type { TreeReader } from '../tree/tree-reader.js';
import type { ChunkReader, LentBytes, WireItem } from './chunk-reader.js';

/** Plain bytes of one window of the stream; two windows are in memory at a time. */
const WINDOW_BYTES = 8 * 1024 * 1024;
const WINDOW_ITEMS = 4096;

export interface StreamParts {
  readonly chunks: ChunkReader;
  readonly trees: TreeReader;
}

/**
 * Files as the wire wants them (docs/protocol.md, File stream), a window at a time. The next window is read and opened while the
 * last one is sent. Each piece is good until the next is asked for.
 */
export async function* streamFiles(
  parts: StreamParts,
  entries: AsyncIterable<TreeEntry>,
): AsyncGenerator<Uint8Array> {
  let ahead: Promise<LentBytes> | undefined;
  for await (const window of windowsOf(itemsOf(parts.trees, entries))) {
    const next = parts.chunks.wire(window);
    // Its failure is told when it is awaited.
    next.catch(() => undefined);
    if (ahead !== undefined) yield* lend(await ahead);
    ahead = next;
  }
  if (ahead !== undefined) yield* lend(await ahead);
}

/** Who takes the bytes has used them when it asks for more. */
export function* lend({ bytes, giveBack }: LentBytes): Generator<Uint8Array> {
  try {
    yield bytes;
  } finally {
    giveBack();
  }
}

interface SizedItem {
  readonly item: WireItem;
  readonly bytes: number;
}

async function* itemsOf(
  trees: TreeReader,
  entries: AsyncIterable<TreeEntry>,
): AsyncGenerator<SizedItem> {
  let count = 0;
  for await (const entry of entries) {
    count += 1;
    const { path, type, mtimeNs, size, recipe } = entry;
    const chunks = recipe === undefined ? 0 : await trees.countRefs(recipe);
    let record = (refs: readonly ChunkRef[]): Uint8Array =>
      encodeEntryRecord({ path, type, mtimeNs, size, chunks, refs });
    for await (const refs of recipe === undefined ? [[]] : trees.refs(recipe)) {
      const bytes = record(refs);
      record = encodeMoreRecord;
      yield { item: bytes, bytes: bytes.length };
      for (const ref of refs) yield { item: ref.id, bytes: ref.length };
    }
  }
  const end = encodeEndRecord(count);
  yield { item: end, bytes: end.length };
}

async function* windowsOf(items: AsyncIterable<SizedItem>): AsyncGenerator<WireItem[]> {
  let window: WireItem[] = [];
  let bytes = 0;
  for await (const next of items) {
    if (
      window.length > 0 &&
      (bytes + next.bytes > WINDOW_BYTES || window.length === WINDOW_ITEMS)
    ) {
      yield window;
      window = [];
      bytes = 0;
    }
    window.push(next.item);
    bytes += next.bytes;
  }
  if (window.length > 0) yield window;
}
