import { afterEach, beforeEach, describe } from '@jest/globals';
import { verifyConcurrency } from './verify-concurrency.js';
import { verifyListing } from './verify-listing.js';
import { verifyReading } from './verify-reading.js';
import { verifyRemoving } from './verify-removing.js';
import type { OpenedStore } from './sample-objects.js';

export type { OpenedStore } from './sample-objects.js';

/**
 * Registers the tests that every `ObjectStore` must pass: the contract of the port, sentence by sentence. `open` is called for each
 * test and gives an empty store.
 */
export function verifyObjectStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the contract of ObjectStore:`, () => {
    let opened: OpenedStore | undefined;
    const current = (): OpenedStore['store'] => {
      if (opened === undefined) throw new Error('no store is open');
      return opened.store;
    };

    beforeEach(async () => {
      opened = await open();
    });

    afterEach(async () => {
      await opened?.close();
      opened = undefined;
    });

    verifyReading(current);
    verifyListing(current);
    verifyRemoving(current);
    verifyConcurrency(current);
  });
}
