import { describe, expect, it } from '@jest/globals';
import { processorOf } from './device-processor.js';
import { judgeInstall } from './judge-install.js';
import type { InstallFacts, InstallTarget } from './judge-install.js';

const FACTS: InstallFacts = {
  ...{ minimumOs: '12.0', deviceFamilies: [1, 2], supportedPlatforms: ['iPhoneOS'] },
  ...{ requiredCapabilities: ['arm64'], architectures: ['arm64'] },
  ...{ fairPlayEncrypted: true, hasSinf: true, appleIdPresent: true },
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
    [{ requiredCapabilities: ['nfc'] }, PHONE],
  ])('is unknown where one of both does not say', (facts, device) => {
    expect(judge(facts, device).installs).toBe('unknown');
  });

  it('names what only the device or Apple can decide', () => {
    const names = (facts: Partial<InstallFacts>): string[] =>
      judge(facts).risks.map(({ risk }) => risk);

    expect(names({})).toEqual(['other-apple-id', 'signature-age', 'app-server']);
    expect(names({ hasSinf: false })[0]).toBe('no-rights');
    expect(names({ fairPlayEncrypted: false })).toEqual(['signature-expired', 'app-server']);
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
