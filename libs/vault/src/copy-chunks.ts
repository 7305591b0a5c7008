import { ArchiveError } from '@rootcellar/model';
import type { PackId } from '@rootcellar/model';
import type { ObjectStore } from '@rootcellar/object-store';
import type { WrittenPack } from './chunk-index.js';
import type { Place } from './crew-worker.js';
import type { Crew } from './crew.js';
import { packKey } from './object-keys.js';
import {
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
 * Memory: the largest source and the new pack. The caller sees to it that the new one stays below PACK_MAX_BYTES.
 * @throws ArchiveError PACK_DAMAGED, OBJECT_NOT_FOUND, STORAGE_FULL, OBJECT_STORE_UNAVAILABLE; the object may be there then
 */
export async function copyChunks(
  parts: { readonly objects: ObjectStore; readonly crew: Crew },
  target: PackIdentity,
  sources: readonly CopySource[],
): Promise<Omit<WrittenPack, 'holders'>> {
  const all = sources.flatMap(({ chunks }) => chunks);
  const length = all.reduce((sum, { sealedLength }) => sum + sealedLength, 0);
  const sealed = new Uint8Array(new SharedArrayBuffer(length));
  const header = encodePackHeader(target.type);
  const entries: PackEntry[] = [];
  const largest = Math.max(...sources.map(checkedSize));
  const memory = new Uint8Array(new SharedArrayBuffer(largest));
  let at = 0;
  for (const source of sources) {
    const places: Place[] = [];
    for (const chunk of source.chunks) {
      places.push({ from: chunk.offset, end: chunk.offset + chunk.sealedLength, to: at });
      entries.push({ ...chunk, offset: header.length + at });
      at += chunk.sealedLength;
    }
    const bytes = memory.subarray(0, source.size);
    await parts.objects.readInto(packKey(source.id), 0, bytes);
    const digest = await parts.crew.run('copyPlaces', { bytes, places, target: sealed });
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
  const { tail, sha256 } = await parts.crew.run('finishPack', {
    ...target,
    sealed: [sealed],
    entries: Buffer.concat(entries.map(encodePackEntry)),
  });
  const object = [header, sealed, tail];
  await parts.objects.put(packKey(target.packId), object);
  const size = object.reduce((sum, part) => sum + part.length, 0);
  return { packId: target.packId, type: target.type, size, sha256, entries };
}

/** Before any memory is taken. */
function checkedSize({ size, chunks }: CopySource): number {
  if (size > PACK_MAX_BYTES || size < PACK_MIN_BYTES)
    throw new ArchiveError('PACK_DAMAGED', 'A pack has a size that no pack has.');
  if (chunks.some(({ offset, sealedLength }) => offset + sealedLength > size))
    throw new ArchiveError('PACK_DAMAGED', 'A chunk does not lie in the pack that has it.');
  return size;
}

function endsWith(bytes: Uint8Array, end: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(-end.length)).equals(end);
}
