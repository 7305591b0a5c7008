import type { InstallFacts, InstallTarget } from './judge-install.js';

/** What the package says of whom it is for. It decides nothing by itself: only the device and Apple's server do. */
export interface InstallFact {
  readonly fact: 'store-package' | 'rights' | 'same-apple-id';
  readonly answer: 'yes' | 'no' | 'unknown';
  /** One sentence for people. */
  readonly reason: string;
}

/** Something only the device or Apple's server can decide, and what it would look like. */
export interface InstallRisk {
  readonly risk:
    | 'other-apple-id'
    | 'no-rights'
    | 'foreign-rights'
    | 'signature-expired'
    | 'signature-age'
    | 'app-server';
  readonly reason: string;
  readonly looksLike: string;
}

/** Encrypted by the App Store; where the executable does not tell, the buyer's rights do. */
function isFromStore({ fairPlayEncrypted, hasSinf }: InstallFacts): boolean {
  return fairPlayEncrypted ?? hasSinf;
}

export function factsOf(facts: InstallFacts, { buyerKnown }: InstallTarget): InstallFact[] {
  const fromStore = isFromStore(facts);
  const store: InstallFact = {
    fact: 'store-package',
    answer: facts.fairPlayEncrypted === undefined ? 'unknown' : fromStore ? 'yes' : 'no',
    reason: fromStore
      ? 'It comes from the App Store: Apple encrypted it for its buyer.'
      : 'It is not encrypted, so it does not come from the App Store as it is.',
  };
  if (!fromStore) return [store];
  return [store, rights(facts), sameAppleId(facts, buyerKnown)];
}

function rights({ hasSinf, sinfProblem }: InstallFacts): InstallFact {
  const fact = 'rights';
  if (!hasSinf)
    return { fact, answer: 'no', reason: "The buyer's rights (sinf) are not in the package." };
  if (sinfProblem !== undefined) return { fact, answer: 'no', reason: FOREIGN[sinfProblem] };
  return { fact, answer: 'yes', reason: "The buyer's rights (sinf) are in the package." };
}

const FOREIGN: Readonly<Record<NonNullable<InstallFacts['sinfProblem']>, string>> = {
  'other-app': 'The rights (sinf) in the package are of another app.',
  unreadable: 'The rights (sinf) in the package are no rights: they cannot be read.',
};

function sameAppleId(
  { appleIdPresent }: InstallFacts,
  buyerKnown: boolean | undefined,
): InstallFact {
  const fact = 'same-apple-id';
  if (buyerKnown === true)
    return {
      ...{ fact, answer: 'yes' },
      reason:
        'It was bought with an Apple ID that also bought apps on the device, as its newest backup says.',
    };
  if (buyerKnown === false)
    return {
      ...{ fact, answer: 'no' },
      reason:
        'It was bought with another Apple ID than any app on the device, as its newest backup says.',
    };
  return {
    ...{ fact, answer: 'unknown' },
    reason: appleIdPresent
      ? "The device's newest backup does not say which Apple ID it uses."
      : 'The package does not say which Apple ID it was bought with.',
  };
}

export function risksOf(facts: InstallFacts, target: InstallTarget): InstallRisk[] {
  if (!isFromStore(facts)) return [SIGNATURE_EXPIRED, APP_SERVER];
  return [...rightsRisks(facts, target), SIGNATURE_AGE, APP_SERVER];
}

function rightsRisks(
  { hasSinf, sinfProblem, appleIdPresent }: InstallFacts,
  { buyerKnown }: InstallTarget,
): InstallRisk[] {
  if (!hasSinf) return [NO_RIGHTS];
  if (sinfProblem !== undefined)
    return [{ ...NO_RIGHTS, risk: 'foreign-rights', reason: FOREIGN[sinfProblem] }];
  if (buyerKnown === true) return [];
  const named = appleIdPresent ? '' : ', which the package does not name';
  return [
    {
      risk: 'other-apple-id',
      reason: `It runs for the Apple ID it was bought with${named}; with another the device asks for that one's password at the first start.`,
      looksLike: 'a sign-in sheet at the first start, or FairPlay error -42004',
    },
  ];
}

const NO_RIGHTS: InstallRisk = {
  risk: 'no-rights',
  reason: 'The rights of the buyer (sinf) are not in the package; they must be given beside it.',
  looksLike: 'FairPlay error -42004: the app installs and does not start',
};
const SIGNATURE_EXPIRED: InstallRisk = {
  risk: 'signature-expired',
  reason:
    'It is not from the App Store: it was signed for chosen devices, or by a company, and such signatures end.',
  looksLike: 'ApplicationVerificationFailed, or the app closes at once',
};
const SIGNATURE_AGE: InstallRisk = {
  risk: 'signature-age',
  reason: 'Signatures of very old packages are in a form that iOS 15 and later do not take.',
  looksLike: 'ApplicationVerificationFailed',
};
const APP_SERVER: InstallRisk = {
  risk: 'app-server',
  reason: "The app's own server may not talk to this version any more.",
  looksLike: 'a message inside of the app that asks for an update',
};
