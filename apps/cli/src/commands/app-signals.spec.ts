import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { signalsText } from './app-signals.js';

type Answer = Schemas['SignalPageDto'];

const version = (shown: string): Schemas['VersionNameDto'] => ({
  ...{ id: shown, version: shown, build: null, externalVersionId: null },
});
const SDK = { kind: 'paywall-sdk', evidence: 'RevenueCat', where: 'App/Frameworks' } as const;
const ANSWER: Answer = {
  ...{ bundleId: 'com.example', name: 'Example', nextCursor: null, unread: 0 },
  items: [
    { ...version('4.1'), artifactId: 'c', signals: [] },
    { ...version('4.0'), artifactId: 'b', signals: [SDK] },
    { ...version('3.9'), artifactId: 'x', signals: null },
    { ...version('3.0'), artifactId: 'a', signals: [] },
  ],
  appearances: [{ ...SDK, since: version('4.0'), fromTheStart: false, goneWith: version('4.1') }],
  subscriptionFrom: null,
  suggestion: { from: '4.0', version: version('4.0'), signals: [SDK], text: '4.0 brings it.' },
};

describe('signs of how an app earns money, as text', () => {
  it('begins with what one might say, then each version with what it brings', () => {
    expect(signalsText(ANSWER).split('\n')).toEqual([
      ...['Example, com.example', '4.0 brings it.'],
      ...[
        '',
        '4.1:',
        '  − RevenueCat: a part that sells subscriptions or locks screens [App/Frameworks]',
      ],
      ...[
        '',
        '4.0:',
        '  + RevenueCat: a part that sells subscriptions or locks screens [App/Frameworks]',
      ],
      ...['', '3.9:', '  not looked into'],
      ...['', '3.0:', '  no signs'],
    ]);
  });

  it('says what a member said instead of guessing', () => {
    const text = signalsText({ ...ANSWER, subscriptionFrom: '4.0', suggestion: null });

    expect(text).toContain(
      'A subscription is wanted from 4.0 on, as somebody of the household said',
    );
  });

  it('says that there is nothing, and what was not read', () => {
    const text = signalsText({ ...ANSWER, appearances: [], suggestion: null, unread: 3 });

    expect(text).toContain('No sign of in-app purchases');
    expect(text).toContain('3 versions were not looked into yet');
  });

  it('does not choke on a kind of a newer service', () => {
    const odd = { kind: 'tokens' as 'paywall-sdk', evidence: 'Coins', where: 'App' };
    const appearances = [{ ...odd, since: version('4.0'), fromTheStart: true, goneWith: null }];

    expect(signalsText({ ...ANSWER, appearances })).toContain('+ Coins [App]');
  });
});
