import type { Schemas } from '@rootcellar/client';

type Signal = Schemas['SignalDto'];

const WHAT: Readonly<Record<Signal['kind'], (evidence: string) => string>> = {
  'paywall-sdk': (evidence) => `${evidence}: a part that sells subscriptions or locks screens`,
  'in-app-purchase': (evidence) => `${evidence}: things can be bought inside`,
  'subscription-words': (evidence) => `it says “${evidence}”`,
  'store-price': (evidence) => `in the store, ${evidence}`,
};

/** What was found and where. */
export function signalLine({ kind, evidence, where }: Signal): string {
  // A newer service may know more kinds.
  const said = (WHAT as Readonly<Record<string, ((evidence: string) => string) | undefined>>)[kind];
  return `${said?.(evidence) ?? evidence} [${where}]`;
}
