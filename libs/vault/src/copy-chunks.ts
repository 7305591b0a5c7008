import { ArchiveError } from '@rootcellar/model';
import type { PackId } from '@rootcellar/model';
import type { ObjectStore } from '@rootcellar/object-store';
import type { WrittenPack } from './chunk-index.js';
import type { Place } from './crew-worker.js';
import type { Crew } from './crew.js';
import { packKey } from './object-keys.js';
import {
  PACK_HEADER_BYTES,
  PACK_MAX_BYTES,
  PACK_MIN_BYTES,
  encodePackEntry,
  encodePackHeader,
} from './pack-format.js';
import type { PackEntry, PackIdentity } from './pack-format.js';

/** A pack some of whose chunks go on living elsewhere. */
export interface CopySource {
  readonly id: PackId;
  /** Bytes of the object. */
  readonly size: number;
  readonly sha256: Uint8Array;
  /** What is copied; where it lies in this pack. */
  readonly chunks: readonly PackEntry[];
}

/**
 * Writes a new pack of chunks of others: sealed bytes do not depend on their place, so none is opened. Every source is read whole and
 * compared with its SHA-256 before the new pack is written, or damage would get one with a SHA-256 that fits it.
 *
 * Memory: two packs, used again. The caller sees to it that the new one stays below PACK_MAX_BYTES.
 * @throws ArchiveError PACK_DAMAGED, OBJECT_NOT_FOUND, STORAGE_FULL, OBJECT_STORE_UNAVAILABLE; the object may be there then
 */
export async function copyChunks(
  parts: { readonly objects: ObjectStore; readonly crew: Crew },
  target: PackIdentity,
  sources: readonly CopySource[],
): Promise<Omit<WrittenPack, 'holders'>> {
  for (const source of sources) checkSize(source);
  const { crew, objects } = parts;
  const [read, written] = [crew.packs.take(), crew.packs.take()];
  try {
    const { sealed, entries } = await gather(parts, sources, {
      source: new Uint8Array(read.memory),
      target: new Uint8Array(written.memory),
    });
    const { tail, sha256 } = await crew.run('finishPack', {
      ...target,
      sealed: [sealed],
      entries: Buffer.concat(entries.map(encodePackEntry)),
    });
    const object = [encodePackHeader(target.type), sealed, tail];
    await objects.put(packKey(target.packId), object);
    const size = object.reduce((sum, part) => sum + part.length, 0);
    return { packId: target.packId, type: target.type, size, sha256, entries };
  } finally {
    read.giveBack();
    written.giveBack();
  }
}

type Memory = Uint8Array<SharedArrayBuffer>;

/** Reads the sources one after the other and lays their chunks one behind the other. */
async function gather(
  { objects, crew }: { readonly objects: ObjectStore; readonly crew: Crew },
  sources: readonly CopySource[],
  memory: { readonly source: Memory; readonly target: Memory },
): Promise<{ readonly sealed: Memory; readonly entries: PackEntry[] }> {
  const entries: PackEntry[] = [];
  let at = 0;
  for (const source of sources) {
    const places: Place[] = [];
    for (const chunk of source.chunks) {
      places.push({ from: chunk.offset, end: chunk.offset + chunk.sealedLength, to: at });
      entries.push({ ...chunk, offset: PACK_HEADER_BYTES + at });
      at += chunk.sealedLength;
    }
    if (at > memory.target.length) throw new RangeError('more chunks than a pack takes');
    const bytes = memory.source.subarray(0, source.size);
    await objects.readInto(packKey(source.id), 0, bytes);
    const digest = await crew.run('copyPlaces', { bytes, places, target: memory.target });
    if (!Buffer.from(digest).equals(source.sha256) || !endsWith(bytes, source.sha256)) {
      throw new ArchiveError(
        'PACK_DAMAGED',
        'A pack is another than was written; it was left as it is.',
        {
          hint: 'Run `rootcellar admin scrub`; restore the object from a copy of the bucket if there is one.',
        },
      );
    }
  }
  return { sealed: memory.target.subarray(0, at), entries };
}

/** Before any memory is taken. */
function checkSize({ size, chunks }: CopySource): void {
  if (size > PACK_MAX_BYTES || size < PACK_MIN_BYTES)
    throw new ArchiveError('PACK_DAMAGED', 'A pack has a size that no pack has.');
  if (chunks.some(({ offset, sealedLength }) => offset + sealedLength > size))
    throw new ArchiveError('PACK_DAMAGED', 'A chunk does not lie in the pack that has it.');
}

function endsWith(bytes: Uint8Array, end: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(-end.length)).equals(end);
}
