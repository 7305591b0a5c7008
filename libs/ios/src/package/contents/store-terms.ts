import { isArchiveError } from '@rootcellar/model';
import { bundleIdOf, shortText } from '../../backup/itunes-metadata.js';
import { getBoolean, getString, isDict } from '../../plist/plist-fields.js';
import { parsePlist } from '../../plist/parse-plist.js';
import type { PlistDict, PlistValue } from '../../plist/plist-value.js';
import type { BusinessSignal } from './package-description.js';

const LIMITS = { maxBytes: 4 * 1024 * 1024, maxDepth: 16, maxValues: 20_000 };
export const STORE_TERMS_MAX_BYTES = LIMITS.maxBytes;
const TEXT_MAX = 64;

/**
 * What the store asked for the app on the day of the download, as `iTunesMetadata` has it: `hasOrEverHasHadIAP` (today's), `price` and
 * `priceDisplay` (until about 2017). Of another app's metadata nothing.
 */
export function storeTermsIn(
  metadata: Uint8Array,
  { bundleId, where }: { readonly bundleId: string; readonly where: string },
): BusinessSignal[] {
  const terms = parsed(metadata);
  const named = terms && bundleIdOf(terms.get('softwareVersionBundleId'));
  if (terms === undefined || (named !== undefined && named !== bundleId)) return [];
  const price = priceIn(terms);
  return [
    ...(price === undefined
      ? []
      : [{ kind: 'store-price', evidence: `price: ${price}`, where } as const]),
    ...(sellsInside(terms)
      ? [
          {
            ...({ kind: 'in-app-purchase', where } as const),
            evidence: 'the store says that it sells, or once sold, things inside of the app',
          },
        ]
      : []),
  ];
}

/** The second is what other downloaders write. */
function sellsInside(terms: PlistDict): boolean {
  return ['hasOrEverHasHadIAP', 'hasInAppPurchases'].some((key) => getBoolean(terms, key) === true);
}

/** As it was shown; a bare number has no currency, so that only nothing says something. */
function priceIn(terms: PlistDict): string | undefined {
  const shown = shortText(terms.get('priceDisplay') ?? terms.get('formattedPrice'), TEXT_MAX);
  if (shown !== undefined) return shown;
  const price: PlistValue | undefined = terms.get('price');
  if (typeof price !== 'number' || !Number.isFinite(price) || price < 0) return undefined;
  if (price === 0) return 'free';
  const currency = shortText(getString(terms, 'currency'), 8);
  return currency === undefined ? undefined : `${String(price)} ${currency}`;
}

function parsed(metadata: Uint8Array): PlistDict | undefined {
  try {
    const value = parsePlist(metadata, LIMITS);
    return isDict(value) ? value : undefined;
  } catch (error) {
    if (isArchiveError(error, 'PLIST_INVALID', 'PLIST_TOO_LARGE')) return undefined;
    throw error;
  }
}
