import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mutate, mutations } from '../testing/mutate.js';
import { storeMetadata } from '../testing/store-metadata.js';
import { writeBinaryPlist } from '../testing/write-binary-plist.js';
import { writeXmlPlist } from '../testing/write-xml-plist.js';
import { parseStoreMetadata } from './itunes-metadata.js';

describe("the store's description of an app", () => {
  it.each([
    ['binary', writeBinaryPlist],
    ['XML', writeXmlPlist],
  ])('is read from %s', (_, write) => {
    const bytes = write(
      storeMetadata({ bundleId: 'com.example.app', version: '1.2', build: '34' }),
    );

    expect(parseStoreMetadata(bytes)).toEqual({
      bundleId: 'com.example.app',
      name: 'Example',
      version: '1.2',
      build: '34',
      itemId: '1234567890',
      externalVersionId: '830001000',
      purchaseDate: new Date('2024-06-01T12:00:00Z'),
      releaseDate: new Date('2015-01-01T00:00:00Z'),
      appleIdPresent: true,
    });
  });

  it.each([
    ['appleId', { appleId: 'secret@example.com' }],
    ['apple-id', { 'apple-id': 'secret@example.com' }],
    ['userName', { userName: 'secret@example.com' }],
    [
      'downloadInfo',
      { 'com.apple.iTunesStore.downloadInfo': { accountInfo: { AppleID: 'secret@example.com' } } },
    ],
  ])('tells that the buyer stands under %s, never who it is', (_, keys) => {
    const store = parseStoreMetadata(writeBinaryPlist(keys));

    expect(store?.appleIdPresent).toBe(true);
    expect(JSON.stringify(store)).not.toContain('secret');
  });

  it('tells that no buyer stands in it', () => {
    const store = parseStoreMetadata(writeBinaryPlist(storeMetadata({ appleId: null })));

    expect(store?.appleIdPresent).toBe(false);
  });

  it('takes store numbers as text, numbers and beyond 53 bits', () => {
    const ids = ['123', 123, 2n ** 63n].map(
      (itemId) => parseStoreMetadata(writeBinaryPlist({ itemId }))?.itemId,
    );

    expect(ids).toEqual(['123', '123', '9223372036854775808']);
  });

  it('leaves out what lies about its type or form', () => {
    const bytes = writeBinaryPlist({
      softwareVersionBundleId: '../../x',
      itemName: 7.5,
      itemId: -1,
      softwareVersionExternalIdentifier: 'latest',
      purchaseDate: 'yesterday',
      releaseDate: '2024-99-99T99:99:99Z',
      'com.apple.iTunesStore.downloadInfo': 'none',
    });

    expect(parseStoreMetadata(bytes)).toEqual({ appleIdPresent: false });
  });

  it('is nothing when it is broken or no dictionary', () => {
    const broken = [Buffer.from('broken'), Buffer.alloc(0), writeBinaryPlist(['x'])];

    expect(broken.map(parseStoreMetadata)).toEqual([undefined, undefined, undefined]);
  });

  it('never fails, whatever bytes are changed', () => {
    const bytes = writeBinaryPlist(storeMetadata());

    fc.assert(
      fc.property(mutations, (changes) => {
        parseStoreMetadata(mutate(bytes, changes));
      }),
    );
  });
});
