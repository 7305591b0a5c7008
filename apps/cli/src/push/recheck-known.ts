import { CHUNK_ID_BYTES } from '@rootcellar/model';
import type { ChunkShipper } from './chunk-shipper.js';
import type { PushMemory, RememberedFile } from './push-memory.js';
import { REF_BYTES } from '../crew/batch.js';

export interface RecheckParts {
  readonly memory: PushMemory;
  readonly shipper: ChunkShipper;
  readonly signal: AbortSignal;
  readonly onSent: (bytes: number) => void;
  readonly onFiles: (files: number) => void;
}

/**
 * Asks the vault for the chunks of every file that was not changed since it was last read, which also keeps them while the upload is
 * open. Files of which something is lacking are forgotten, to be read again.
 */
export async function recheckKnown(parts: RecheckParts): Promise<void> {
  for (const page of parts.memory.known()) {
    parts.signal.throwIfAborted();
    const held = await parts.shipper.held(idsOf(page));
    let at = 0;
    const lacking: RememberedFile[] = [];
    let bytes = 0;
    for (const file of page) {
      const count = (file.refs?.length ?? 0) / REF_BYTES;
      if (held.slice(at, at + count).every(Boolean)) bytes += file.size;
      else lacking.push(file);
      at += count;
    }
    parts.memory.batch(() => {
      for (const file of lacking) parts.memory.forget(file.path);
    });
    parts.onSent(bytes);
    parts.onFiles(page.length - lacking.length);
  }
}

function idsOf(files: readonly RememberedFile[]): Uint8Array {
  const count = files.reduce((sum, file) => sum + (file.refs?.length ?? 0) / REF_BYTES, 0);
  const ids = new Uint8Array(count * CHUNK_ID_BYTES);
  let at = 0;
  for (const { refs } of files) {
    for (let from = 0; refs !== undefined && from < refs.length; from += REF_BYTES) {
      ids.set(refs.subarray(from, from + CHUNK_ID_BYTES), at);
      at += CHUNK_ID_BYTES;
    }
  }
  return ids;
}
