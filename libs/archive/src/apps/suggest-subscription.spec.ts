import { describe, expect, it } from '@jest/globals';
import { newId, systemClock } from '@rootcellar/model';
import type { SignalledVersion, StoredSignal } from '../ports/app-signal-catalog.js';
import { appearancesIn, suggestSubscription } from './suggest-subscription.js';

const SDK = { kind: 'paywall-sdk', evidence: 'RevenueCat', where: 'App/Frameworks' };
const WORDS = {
  kind: 'subscription-words',
  evidence: 'Free trial',
  where: 'App/en.lproj/a.strings',
};
const SELLS = { kind: 'in-app-purchase', evidence: 'StoreKit', where: 'the executable' };

function version(
  shown: string | undefined,
  signals: readonly StoredSignal[] | undefined,
  externalVersionId?: string,
): SignalledVersion {
  return {
    ...{ id: newId(systemClock), artifactId: newId(systemClock), version: shown, build: undefined },
    ...{ externalVersionId, releasedAt: undefined, signals, unread: signals === undefined },
  };
}
const from = (...versions: SignalledVersion[]): string | undefined =>
  suggestSubscription('com.example', versions)?.from;

describe('since which version an app may want a subscription', () => {
  it('is the first that brings signs of it where the one before has none', () => {
    expect(from(version('3.0', [SELLS]), version('4.0', [SELLS, SDK]))).toBe('4.0');
    expect(from(version('3.0', []), version('3.9', undefined), version('4.0', [WORDS]))).toBe(
      '4.0',
    );
  });

  it.each([
    ['no signs', [version('3.0', []), version('4.0', [])]],
    ['only that it sells something', [version('3.0', []), version('4.0', [SELLS])]],
    ['signs from the start', [version('3.0', [SDK, WORDS]), version('4.0', [SDK, WORDS])]],
    ['one version', [version('4.0', [SDK])]],
    ['nothing read', [version('3.0', undefined), version('4.0', undefined)]],
    ['a version without a name', [version('3.0', []), version(undefined, [SDK])]],
  ])('is not guessed with %s', (_, versions) => {
    expect(from(...versions)).toBeUndefined();
  });

  it('is the store’s number where two versions show the same', () => {
    expect(from(version('4.0', [], '1'), version('4.0', [SDK], '2'))).toBe('2');
  });

  it('is said with its evidence', () => {
    const { text } = suggestSubscription('com.example', [
      version('3.0', []),
      version('4.0', [SDK, { ...SDK, evidence: 'Superwall' }, WORDS]),
    ]) ?? { text: '' };

    expect(text).toBe(
      '4.0 brings RevenueCat, Superwall and words like “Free trial”: if it went subscription-only, say `rootcellar app subscription com.example --from 4.0`.',
    );
  });
});

describe('when signs appear', () => {
  it('is told with when they go, and not twice when they move', () => {
    const [a, b, c] = [
      version('1', [SDK]),
      version('2', [{ ...SDK, where: 'elsewhere' }, WORDS]),
      version('3', [WORDS]),
    ];

    expect(appearancesIn([a, version('1.5', undefined), b, c])).toEqual([
      { ...SDK, since: a, fromTheStart: true, goneWith: c },
      { ...WORDS, since: b, fromTheStart: false, goneWith: undefined },
    ]);
  });

  it('forgets that they were gone when they come back', () => {
    const [a, b, c] = [version('1', [SDK]), version('2', []), version('3', [SDK])];

    expect(appearancesIn([a, b, c])).toEqual([
      { ...SDK, since: a, fromTheStart: true, goneWith: undefined },
    ]);
  });
});
