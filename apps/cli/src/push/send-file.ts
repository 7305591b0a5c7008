import type { SlabPool } from '@rootcellar/chunking';
import { packRefs } from '../crew/batch.js';
import type { FileToCut } from '../crew/cut-files.js';
import type { Crew } from '../crew/crew.js';
import type { Backlog } from './backlog.js';
import type { ChunkShipper } from './chunk-shipper.js';

export interface SendParts {
  readonly crew: Crew;
  readonly shipper: ChunkShipper;
  /** 32 bytes, the household's. */
  readonly seed: Uint8Array;
  /** Memory of the batches under way; bounds them. */
  readonly slabs: SlabPool;
  /** Batches that are being sent. */
  readonly backlog: Backlog;
  readonly onSent: (bytes: number) => void;
}

export interface SentFile {
  /** Packed, REF_BYTES each. */
  readonly refs: Uint8Array;
  /** Resolves when all of it is durable. */
  readonly durable: Promise<unknown>;
}

/**
 * Reads a large file part by part; parts are shipped in the background.
 * @returns `undefined` when the file is not, or did not stay, in the state it was seen in
 */
export async function sendLargeFile(
  parts: SendParts,
  file: FileToCut,
): Promise<SentFile | undefined> {
  const kind = await parts.crew.run('probe', file);
  if (kind === 'changed') return undefined;
  const refs: Uint8Array[] = [];
  const shipping: Promise<void>[] = [];
  for (let offset = 0; offset < file.size;) {
    parts.backlog.throwIfFailed();
    const slab = await parts.slabs.take();
    const { memory } = slab;
    const { seed } = parts;
    const part = await parts.crew.run('cutPart', { memory, seed, file, kind, offset });
    if (part.status === 'changed') {
      slab.giveBack();
      return undefined;
    }
    const { consumed } = part;
    const batch = { ...part, memory };
    refs.push(packRefs(batch));
    const ship = async (): Promise<void> => {
      try {
        await parts.shipper.ship(batch);
        parts.onSent(consumed);
      } finally {
        slab.giveBack();
      }
    };
    const shipped = ship();
    parts.backlog.start(shipped);
    shipping.push(shipped);
    offset += consumed;
  }
  const durable = Promise.all(shipping);
  durable.catch(() => undefined);
  return { refs: Buffer.concat(refs), durable };
}
