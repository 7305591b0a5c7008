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

  it('gives the buyer blinded, however the Apple ID is written', () => {
    const seen: string[] = [];
    const blind = (text: string): Uint8Array => {
      seen.push(text);
      return Buffer.from('blinded');
    };

    const store = parseStoreMetadata(
      writeBinaryPlist(storeMetadata({ appleId: ' Secret@Example.com ' })),
      blind,
    );

    expect(seen).toEqual(['secret@example.com']);
    expect(store?.buyer).toEqual(Buffer.from('blinded'));
    expect(JSON.stringify(store).toLowerCase()).not.toContain('secret');
  });

  it('asks for no blinding where there is no buyer', () => {
    const blind = (): never => {
      throw new Error('there is nobody');
    };

    const bytes = writeBinaryPlist(storeMetadata({ appleId: null }));

    expect(parseStoreMetadata(bytes, blind)).not.toHaveProperty('buyer', expect.anything());
  });

  it("gives the store's list of versions, each once, without what is no number", () => {
    const softwareVersionExternalIdentifiers = [830_001, '830002', 830_001, 'latest', -5, 830_003n];

    const store = parseStoreMetadata(writeBinaryPlist({ softwareVersionExternalIdentifiers }));

    expect(store?.versionIds).toEqual(['830001', '830002', '830003']);
  });

  it('keeps the newest of a list that does not end', () => {
    const all = Array.from({ length: 6000 }, (_, at) => at + 1);

    const store = parseStoreMetadata(writeBinaryPlist({ softwareVersionExternalIdentifiers: all }));

    expect(store?.versionIds).toEqual(all.slice(1000).map(String));
  });

  it('takes no dates that were never set', () => {
    const bytes = writeBinaryPlist({
      releaseDate: new Date('1970-01-01T00:00:00Z'),
      purchaseDate: new Date('+012345-01-01T00:00:00Z'),
    });

    expect(parseStoreMetadata(bytes)).toEqual({ appleIdPresent: false });
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

    expect(broken.map((bytes) => parseStoreMetadata(bytes))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
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
