import { afterEach, beforeEach, describe } from '@jest/globals';
import type { PackId, UploadId } from '@rootcellar/model';
import type { ChunkIndex } from '../chunk-index.js';
import { verifyCommitting } from './verify-committing.js';
import { verifyPinning } from './verify-pinning.js';

/** An index to be verified, empty, and what the rest of a catalog does to the rows it shares with it. */
export interface OpenedChunkIndex {
  readonly index: ChunkIndex;
  /** A new upload of this household that is open. */
  readonly newHolder: () => Promise<UploadId>;
  /** The upload is committed, expired or given up. */
  readonly endHolder: (holder: UploadId) => Promise<void>;
  /** The packs that are pinned for an open upload, in any order. */
  readonly pinnedBy: (holder: UploadId) => Promise<readonly PackId[]>;
  /** A live pack becomes condemned, its epoch one higher. */
  readonly condemn: (packId: PackId) => Promise<void>;
  /** A pack is deleted, its epoch one higher; its chunks may stay on record. */
  readonly remove: (packId: PackId) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Gives the index that the current test has opened. */
export type CurrentIndex = () => OpenedChunkIndex;

/**
 * Registers the tests that every `ChunkIndex` must pass. `open` is called once or twice for each test and gives the empty index of
 * another household each time.
 */
export function verifyChunkIndex(name: string, open: () => Promise<OpenedChunkIndex>): void {
  describe(`${name} keeps the contract of ChunkIndex:`, () => {
    const opened: OpenedChunkIndex[] = [];
    const openAnother = async (): Promise<OpenedChunkIndex> => {
      const index = await open();
      opened.push(index);
      return index;
    };
    const current = (): OpenedChunkIndex => {
      const [first] = opened;
      if (first === undefined) throw new Error('no index is open');
      return first;
    };

    beforeEach(async () => {
      await openAnother();
    });

    afterEach(async () => {
      for (const index of opened.splice(0)) await index.close();
    });

    verifyCommitting(current, openAnother);
    verifyPinning(current);
  });
}
