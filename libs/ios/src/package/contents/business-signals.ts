import type { BusinessSignal, FileStamp } from './package-description.js';

/**
 * Parts that sell subscriptions or lock screens behind a payment, by the name of their framework or resource bundle. From their makers' own
 * installation guides (2026): a list of names, to be added to.
 */
const PAYWALL_PARTS: ReadonlyMap<string, string> = new Map([
  ['RevenueCat', 'RevenueCat'],
  ['RevenueCatUI', 'RevenueCat Paywalls'],
  ['Purchases', 'RevenueCat (before 4)'],
  ['PurchasesCoreSwift', 'RevenueCat (before 4)'],
  ['Adapty', 'Adapty'],
  ['AdaptyUI', 'Adapty Paywalls'],
  ['Qonversion', 'Qonversion'],
  ['ApphudSDK', 'Apphud'],
  ['SuperwallKit', 'Superwall'],
  ['Paywall', 'Superwall (before 3)'],
  ['Purchasely', 'Purchasely'],
  ['Glassfy', 'Glassfy'],
  ['NamiApple', 'Nami ML'],
  ['Chargebee', 'Chargebee'],
  ['Iaphub', 'IAPHUB'],
  ['SwiftyStoreKit', 'SwiftyStoreKit'],
  ['InAppPurchaseKit', 'InAppPurchaseKit'],
]);
/** These only sell, subscriptions or not. */
const SELLS = new Set(['SwiftyStoreKit']);

const PART = /(?:^|\/)([^/]+)\.(?:framework|bundle)\//;
const PAYWALL_FILE =
  /(?:^|\/)([^/]*(?:paywall|subscription)[^/]*)\.(?:nib|storyboardc|lottie|json|car)(?:$|\/)/i;
const SIGNALS_MAX = 100;

/** Signs in what a package consists of. */
export function signalsInParts(
  files: ReadonlyMap<string, FileStamp>,
  linkedLibraries: readonly string[],
): BusinessSignal[] {
  const found = new Map<string, BusinessSignal>();
  const note = (signal: BusinessSignal): void => {
    const key = `${signal.kind} ${signal.evidence}`;
    if (!found.has(key) && found.size < SIGNALS_MAX) found.set(key, signal);
  };
  for (const library of linkedLibraries) {
    const name = /([^/]+)\.framework\//.exec(library)?.[1];
    if (name === 'StoreKit')
      note({ kind: 'in-app-purchase', evidence: 'StoreKit', where: 'the executable' });
    else notePart(name, 'the executable', note);
  }
  for (const path of files.keys()) {
    notePart(PART.exec(path)?.[1], path.slice(0, path.lastIndexOf('/')), note);
    const named = PAYWALL_FILE.exec(path)?.[1];
    if (named !== undefined) note({ kind: 'paywall-sdk', evidence: named, where: path });
  }
  return [...found.values()];
}

/** A resource bundle of a Swift package is called `<package>_<target>.bundle`. */
function notePart(
  name: string | undefined,
  where: string,
  note: (signal: BusinessSignal) => void,
): void {
  if (name === undefined) return;
  for (const part of [name, ...name.split('_')]) {
    const product = PAYWALL_PARTS.get(part);
    if (product === undefined) continue;
    note({ kind: SELLS.has(part) ? 'in-app-purchase' : 'paywall-sdk', evidence: product, where });
    return;
  }
}
