import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { checkText } from './app-check.js';

type Answer = Schemas['InstallabilityPageDto'];

const RISK = {
  risk: 'app-server',
  reason: 'Its server may be gone.',
  looksLike: 'a message',
} as const;
const VERDICT: Answer['items'][number] = {
  id: 'phone',
  device: {
    ...{ id: 'phone', name: 'Ada’s iPhone', productType: 'iPhone14,5', productVersion: '17.5' },
    ...{ asOf: '2026-05-03T10:00:00Z', installed: null },
  },
  installs: 'yes',
  checks: [
    { check: 'platform', verdict: 'yes', reason: 'It fits.', failure: null },
    { check: 'minimum-os', verdict: 'no', reason: 'Too new.', failure: 'DeviceOSVersionTooLow' },
  ],
  facts: [{ fact: 'same-apple-id', answer: 'unknown', reason: 'Nobody says who bought it.' }],
  risks: [RISK],
};
const ANSWER: Answer = {
  package: {
    ...{ id: 'a', bundleId: 'com.example', name: 'Example', version: '1.0', build: '1.0' },
    ...{ externalVersionId: null, problems: [{ code: 'rights-missing', message: 'No rights.' }] },
  },
  items: [VERDICT, { ...VERDICT, id: 'pad', installs: 'no' }],
  nextCursor: null,
};

describe('whether a package installs, as text', () => {
  it('says no before yes, and each risk once', () => {
    const lines = checkText(ANSWER).split('\n');

    expect(lines.slice(0, 2)).toEqual(['Example 1.0, com.example', '  ! No rights.']);
    expect(lines[3]).toMatch(
      /^Ada’s iPhone \(iPhone14,5, iOS 17\.5; backup of .*\): can be installed$/,
    );
    expect(lines.slice(4, 7)).toEqual([
      '  - Too new. The device would say DeviceOSVersionTooLow.',
      '  + It fits.',
      '  ? Nobody says who bought it.',
    ]);
    expect(lines.filter((line) => line.includes(RISK.reason))).toHaveLength(1);
    expect(lines.some((line) => line.endsWith('can NOT be installed'))).toBe(true);
  });

  it('says what is on the device now', () => {
    const installed = { version: '4.0', build: null, externalVersionId: null, offloaded: true };
    const items = [{ ...VERDICT, device: { ...VERDICT.device, installed } }];

    expect(checkText({ ...ANSWER, items })).toContain('On it now: 4.0, offloaded');
  });

  it('says so where there is no device', () => {
    expect(checkText({ ...ANSWER, items: [] })).toContain('You have no device here');
  });
});
