import { describe, expect, it } from '@jest/globals';
import { processorOf } from './device-processor.js';
import { judgeInstall } from './judge-install.js';
import type { InstallFacts, InstallTarget } from './judge-install.js';

const FACTS: InstallFacts = {
  ...{ minimumOs: '12.0', deviceFamilies: [1, 2], supportedPlatforms: ['iPhoneOS'] },
  ...{ requiredCapabilities: ['arm64'], architectures: ['arm64'] },
  ...{ fairPlayEncrypted: true, hasSinf: true, appleIdPresent: true, sinfProblem: undefined },
  sinfProblem: undefined,
};
const PHONE: InstallTarget = { productType: 'iPhone14,5', productVersion: '17.5.1' };
const compare = (a: string, b: string): number => Number.parseFloat(a) - Number.parseFloat(b);

const judge = (
  facts: Partial<InstallFacts> = {},
  device: InstallTarget = PHONE,
): ReturnType<typeof judgeInstall> => judgeInstall({ ...FACTS, ...facts }, device, compare);

describe('whether a package installs', () => {
  it('is yes when everything the file decides fits', () => {
    const { installs, checks } = judge();

    expect(installs).toBe('yes');
    expect(new Set(checks.map(({ verdict }) => verdict))).toEqual(new Set(['yes']));
  });

  it.each([
    ['minimum-os', { minimumOs: '18.0' }, PHONE, 'DeviceOSVersionTooLow'],
    ['family', { deviceFamilies: [2] }, PHONE, 'DeviceFamilyNotSupported'],
    ['processor', { architectures: ['armv7'] }, PHONE, 'ApplicationVerificationFailed'],
    ['platform', { supportedPlatforms: ['iPhoneSimulator'] }, PHONE, 'APIInternalError'],
    [
      'capabilities',
      { requiredCapabilities: ['telephony'] },
      { productType: 'iPad14,1', productVersion: '17.0' },
      'UIRequiredDeviceCapabilitiesNotMet',
    ],
  ] as const)(
    'is no because of %s, as the installer would say',
    (check, facts, device, failure) => {
      const verdict = judge(facts, device);

      expect(verdict.installs).toBe('no');
      expect(verdict.checks.find((each) => each.verdict === 'no')).toMatchObject({
        check,
        failure,
      });
    },
  );

  it.each([
    [{}, { productType: 'iPhone14,5', productVersion: undefined }],
    [{}, { productType: undefined, productVersion: '17.0' }],
    [{ architectures: [] }, PHONE],
    [{ requiredCapabilities: ['made-up'] }, PHONE],
  ])('is unknown where one of both does not say', (facts, device) => {
    expect(judge(facts, device).installs).toBe('unknown');
  });

  it('names what only the device or Apple can decide', () => {
    const names = (facts: Partial<InstallFacts>): string[] =>
      judge(facts).risks.map(({ risk }) => risk);

    expect(names({})).toEqual(['other-apple-id', 'signature-age', 'app-server']);
    expect(names({ hasSinf: false })[0]).toBe('no-rights');
    expect(names({ sinfProblem: 'other-app' })[0]).toBe('foreign-rights');
    expect(names({ fairPlayEncrypted: false })).toEqual(['signature-expired', 'app-server']);
    // The executable's head did not reach so far: the rights tell.
    expect(names({ fairPlayEncrypted: undefined })[0]).toBe('other-apple-id');
    expect(names({ fairPlayEncrypted: undefined, hasSinf: false })[0]).toBe('signature-expired');
  });

  it.each([
    [true, 'yes', []],
    [false, 'no', ['other-apple-id']],
    [undefined, 'unknown', ['other-apple-id']],
  ] as const)('tells whose it is: the buyer known there %p', (buyerKnown, answer, risks) => {
    const verdict = judge({}, { ...PHONE, buyerKnown });

    expect(verdict.facts.map((each) => [each.fact, each.answer])).toEqual([
      ['store-package', 'yes'],
      ['rights', 'yes'],
      ['same-apple-id', answer],
    ]);
    expect(verdict.risks.map(({ risk }) => risk)).toEqual([
      ...risks,
      'signature-age',
      'app-server',
    ]);
    expect(verdict.installs).toBe('yes');
  });

  it.each([
    [{ hasSinf: false }, 'no'],
    [{ sinfProblem: 'unreadable' }, 'no'],
    [{}, 'yes'],
  ] as const)('says whether the rights are in it: %p', (facts, answer) => {
    expect(judge(facts).facts).toContainEqual(expect.objectContaining({ fact: 'rights', answer }));
  });
});

describe('what a device has that an app requires', () => {
  const verdictOn = (productType: string, ...requiredCapabilities: string[]): string | undefined =>
    judge({ requiredCapabilities }, { productType, productVersion: '26.1' }).checks.find(
      ({ check }) => check === 'capabilities',
    )?.verdict;

  it.each([
    // iPhone 7 reads NFC tags, 6s does not; no iPad does.
    ['iPhone9,1', 'nfc', 'yes'],
    ['iPhone8,1', 'nfc', 'no'],
    ['iPad16,6', 'nfc', 'no'],
    // iPhone 15 has an A16, 15 Pro an A17 Pro, all of 16 and 17 an A18 or A19.
    ['iPhone15,4', 'iphone-performance-gaming-tier', 'no'],
    ['iPhone16,1', 'iphone-performance-gaming-tier', 'yes'],
    ['iPhone17,5', 'iphone-performance-gaming-tier', 'yes'],
    ['iPhone18,4', 'iphone-performance-gaming-tier', 'yes'],
    ['iPhone10,6', 'iphone-ipad-minimum-performance-a12', 'no'],
    ['iPad7,11', 'iphone-ipad-minimum-performance-a12', 'no'],
    ['iPad11,1', 'iphone-ipad-minimum-performance-a12', 'yes'],
    // Air 4 (A14), Pro (M1), mini 6 (A15), Air (M2), iPad (A16), Air (M3), mini (A17 Pro), Pro (M4), Pro (M5)
    ['iPad13,1', 'ipad-minimum-performance-m1', 'no'],
    ['iPad13,4', 'ipad-minimum-performance-m1', 'yes'],
    ['iPad14,1', 'ipad-minimum-performance-m1', 'no'],
    ['iPad14,8', 'ipad-minimum-performance-m1', 'yes'],
    ['iPad15,7', 'ipad-minimum-performance-m1', 'no'],
    ['iPad15,3', 'ipad-minimum-performance-m1', 'yes'],
    ['iPad16,1', 'ipad-minimum-performance-m1', 'unknown'],
    ['iPad16,3', 'ipad-minimum-performance-m1', 'yes'],
    ['iPad17,4', 'ipad-minimum-performance-m1', 'yes'],
    ['iPhone18,1', 'ipad-minimum-performance-m1', 'unknown'],
    // Only iPads for mobile networks have it.
    ['iPad16,3', 'gps', 'unknown'],
    ['iPhone18,3', 'gps', 'yes'],
    ['iPod9,1', 'gps', 'no'],
    ['iPhone18,3', 'arkit', 'yes'],
    ['iPad5,3', 'arkit', 'no'],
    ['iPhone18,3', 'made-up', 'unknown'],
  ])('%s: %s', (productType, name, verdict) => {
    expect(verdictOn(productType, name)).toBe(verdict);
  });

  it('names what is lacking, and nothing else', () => {
    const asked = { requiredCapabilities: ['wifi', 'nfc', 'made-up', 'arm64'] };
    const { checks } = judge(asked, { productType: 'iPad16,6', productVersion: '26.0' });

    expect(checks.at(-1)?.reason).toBe('It requires nfc, which this iPad lacks.');
  });
});

describe('what a device runs', () => {
  it.each([
    ['iPhone14,5', '17.5', ['arm64e', 'arm64']],
    ['iPhone10,6', '16.7', ['arm64']],
    ['iPhone6,1', '10.3.3', ['arm64', 'armv7s', 'armv7', 'armv6']],
    ['iPhone6,1', '12.5', ['arm64']],
    ['iPhone5,2', '10.3.3', ['armv7s', 'armv7', 'armv6']],
    ['iPhone3,1', '7.1', ['armv7', 'armv6']],
    ['iPhone1,2', '3.1', ['armv6']],
    ['iPad7,11', '15.0', ['arm64']],
    ['iPad13,4', '17.0', ['arm64e', 'arm64']],
    ['iPod9,1', '15.0', ['arm64']],
    ['iPhone17,3', '26.0.1', ['arm64e', 'arm64']],
    ['iPhone18,4', '26.1', ['arm64e', 'arm64']],
    ['iPad16,6', '26.0', ['arm64e', 'arm64']],
  ])('%s with iOS %s', (model, version, slices) => {
    expect(processorOf(model, version)?.slices).toEqual(slices);
  });

  it.each([undefined, '', 'AppleTV5,3', 'iPhone', 'iPhone9999,1'])(
    'is not known of %p',
    (model) => {
      expect(processorOf(model, '17.0')).toBeUndefined();
    },
  );
});
