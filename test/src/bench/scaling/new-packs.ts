import { randomBytes } from 'node:crypto';
import type { PgChunkIndex } from '@rootcellar/catalog';
import { newId, systemClock } from '@rootcellar/model';
import type { PackId, UploadId } from '@rootcellar/model';
import type { PackEntry } from '@rootcellar/vault';

/** A pack of 32 MiB has so many chunks of the usual 64 KiB. */
export const CHUNKS_A_PACK = 512;
const LENGTH = 65_536;
const DATA = 1;

export interface NewPack {
  readonly packId: PackId;
  readonly entries: readonly PackEntry[];
}

/** Packs of chunks that nobody has yet. */
export function newPacks(count: number): NewPack[] {
  return Array.from({ length: count }, () => ({
    packId: newId<PackId>(systemClock),
    entries: Array.from({ length: CHUNKS_A_PACK }, (_, at) => ({
      ...{ id: randomBytes(32), kind: 1 as const, codec: 0 as const },
      ...{ offset: at * LENGTH, sealedLength: LENGTH, plainLength: LENGTH },
    })),
  }));
}

/** What the catalog does for one pack that an upload sent. */
export async function commitPack(
  index: PgChunkIndex,
  holder: UploadId,
  { packId, entries }: NewPack,
): Promise<void> {
  const pack = { packId, type: DATA } as const;
  await index.beginPack({ ...pack, holder });
  const size = CHUNKS_A_PACK * LENGTH;
  await index.commitPack({ ...pack, size, sha256: Buffer.alloc(32), entries, holders: [holder] });
}
