import { expect, it } from '@jest/globals';
import { INDEX_BATCH } from '../chunk-index.js';
import { MemoryChunkIndex } from './memory-chunk-index.js';
import { idOf } from './sample-packs.js';
import { verifyChunkIndex } from './verify-chunk-index.js';

verifyChunkIndex('MemoryChunkIndex', async () => {
  const index = new MemoryChunkIndex();
  return soon({
    index,
    newHolder: async () => soon(index.openUpload()),
    endHolder: async (holder) => done(() => index.endUpload(holder)),
    pinnedBy: async (holder) => soon(index.pinnedBy(holder)),
    condemn: async (packId) => done(() => index.condemn(packId)),
    remove: async (packId) => done(() => index.remove(packId)),
    close: async () => Promise.resolve(),
  });
});

it('MemoryChunkIndex refuses more ids than the port promises to take', async () => {
  const index = new MemoryChunkIndex();
  const tooMany = Array.from({ length: INDEX_BATCH + 1 }, () => idOf('a'));

  await expect(index.locate(tooMany)).rejects.toThrow(RangeError);
  await expect(index.pinHeld(tooMany, index.openUpload())).rejects.toThrow(RangeError);
});

async function done(work: () => void): Promise<void> {
  work();
  return Promise.resolve();
}

async function soon<T>(value: T): Promise<T> {
  return Promise.resolve(value);
}
