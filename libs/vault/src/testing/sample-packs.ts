import { CODEC } from '@rootcellar/chunking';
import { chunkIdToBytes, newId, sha256, systemClock } from '@rootcellar/model';
import type { ChunkId, PackId, UploadId } from '@rootcellar/model';
import type { ChunkIndex, WrittenPack } from '../chunk-index.js';
import { PACK_HEADER_BYTES, PACK_TYPE } from '../pack-format.js';
import type { PackEntry } from '../pack-format.js';
import { CHUNK_KIND } from '../sealed-chunk.js';

/** The id of a chunk that is only ever talked about. */
export function idOf(name: string): ChunkId {
  return sha256(Buffer.from(name));
}

/** A pack of such chunks, each of another length. No object stands behind it: an index does not ask. */
export function samplePack(names: readonly string[], holders: readonly UploadId[]): WrittenPack {
  let offset = PACK_HEADER_BYTES;
  const entries = names.map((name, at): PackEntry => {
    const entry = {
      id: chunkIdToBytes(idOf(name)),
      kind: at % 2 === 0 ? CHUNK_KIND.data : CHUNK_KIND.tree,
      codec: at % 2 === 0 ? CODEC.plain : CODEC.zstd,
      plainLength: 1000 + at,
      offset,
      sealedLength: 100 + at,
    };
    offset += entry.sealedLength;
    return entry;
  });
  return {
    packId: newId<PackId>(systemClock),
    type: PACK_TYPE.data,
    size: offset,
    sha256: chunkIdToBytes(idOf('a pack')),
    entries,
    holders,
  };
}

/** Begins and commits a pack that holds chunks of these names. */
export async function storePack(
  index: ChunkIndex,
  names: readonly string[],
  holder: UploadId,
): Promise<WrittenPack> {
  const pack = samplePack(names, [holder]);
  await index.beginPack({ packId: pack.packId, type: pack.type, holder });
  await index.commitPack(pack);
  return pack;
}

/** Where the index says these chunks lie; an error for one it does not know. */
export async function placesOf(
  index: ChunkIndex,
  names: readonly string[],
): Promise<{ readonly packId: PackId; readonly ordinal: number; readonly packEpoch: number }[]> {
  const places = await index.locate(names.map(idOf));
  return places.map((place) => {
    if (place === undefined) throw new Error('a chunk is not in the index');
    const { packId, ordinal, packEpoch } = place;
    return { packId, ordinal, packEpoch };
  });
}
