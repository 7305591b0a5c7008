import { describe, expect, it } from '@jest/globals';
import type { PlistSourceDict } from '../../testing/plist-source.js';
import { storeMetadata } from '../../testing/store-metadata.js';
import { writeBinaryPlist } from '../../testing/write-binary-plist.js';
import { storeTermsIn } from './store-terms.js';

const WHERE = { bundleId: 'com.example.app', where: 'iTunesMetadata.plist' };
const termsIn = (more: PlistSourceDict): [string, string][] =>
  storeTermsIn(writeBinaryPlist({ ...storeMetadata(), ...more }), WHERE).map(
    ({ kind, evidence }) => [kind, evidence],
  );

describe('what the store asked for an app', () => {
  it.each([
    [{}, []],
    [{ hasOrEverHasHadIAP: false }, []],
    [{ priceDisplay: '$2.99', price: 2990 }, [['store-price', 'price: $2.99']]],
    [{ price: 0 }, [['store-price', 'price: free']]],
    [{ price: 1.99, currency: 'EUR' }, [['store-price', 'price: 1.99 EUR']]],
    // Without a currency nobody knows what it is.
    [{ price: 2990 }, []],
    [{ price: -1 }, []],
    [{ softwareVersionBundleId: 'com.other', priceDisplay: '$1' }, []],
  ] as const)('is read from its metadata: %p', (more, found) => {
    expect(termsIn(more)).toEqual(found);
  });

  it.each(['hasOrEverHasHadIAP', 'hasInAppPurchases'])('says that it sells: %s', (key) => {
    expect(termsIn({ [key]: true })).toEqual([
      ['in-app-purchase', expect.stringContaining('the store says')],
    ]);
  });

  it('is nothing in what is no list', () => {
    expect(storeTermsIn(Buffer.from('broken'), WHERE)).toEqual([]);
  });
});
