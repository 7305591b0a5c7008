import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildPackage } from '../../testing/build-package.js';
import type { PackageSpec } from '../../testing/build-package.js';
import { mutate, mutations } from '../../testing/mutate.js';
import { onlyArchiveErrorsAsync } from '../../testing/only-archive-errors.js';
import { writeXmlPlist } from '../../testing/write-xml-plist.js';
import { readerOfBytes } from '@rootcellar/zip';
import { describePackage } from './describe-package.js';
import type { PackageDescription } from './package-description.js';

const describeBytes = (bytes: Uint8Array): Promise<PackageDescription> =>
  describePackage(readerOfBytes(bytes), { size: bytes.length });
const described = (spec: PackageSpec): Promise<PackageDescription> =>
  describeBytes(buildPackage(spec));

const IN_APP = 'Payload/Example.app';
const RICH: PackageSpec = {
  info: {
    NSCameraUsageDescription: 'To scan receipts',
    NSNoPermission: 'not one',
    CFBundleURLTypes: [{ CFBundleURLSchemes: ['example', 'abc'] }, 'no dictionary'],
    UIBackgroundModes: ['fetch'],
  },
  executable: {
    libraries: ['/usr/lib/libz.1.dylib', '/System/Library/Frameworks/StoreKit.framework/StoreKit'],
    entitlements: writeXmlPlist({ 'aps-environment': 'production', 'get-task-allow': false }),
    codeBytes: 300_000,
  },
  frameworks: ['RevenueCat', 'Other'],
  extensions: ['Share'],
  extra: [
    {
      name: `${IN_APP}/PrivacyInfo.xcprivacy`,
      content: writeXmlPlist({
        NSPrivacyTracking: true,
        NSPrivacyTrackingDomains: ['ads.example.org'],
        NSPrivacyCollectedDataTypes: [
          { NSPrivacyCollectedDataType: 'NSPrivacyCollectedDataTypeName' },
        ],
      }),
    },
    {
      name: `${IN_APP}/en.lproj/Localizable.strings`,
      content: '/* */ "a" = "Start your free trial";\n"b" = "Hello";',
    },
    { name: `${IN_APP}/Base.lproj/Main.strings`, content: 'nothing' },
    { name: `${IN_APP}/PaywallScreen.nib`, content: 'nib' },
  ],
};

describe('what is inside of a package', () => {
  it('is read from its lists and the edges of its executable', async () => {
    const found = await described(RICH);

    expect(found).toMatchObject({
      ...{ bundleId: 'com.example.app', version: '1.0', minimumOs: '12.0' },
      permissions: new Map([['NSCameraUsageDescription', 'To scan receipts']]),
      ...{ urlSchemes: ['abc', 'example'], backgroundModes: ['fetch'] },
      entitlements: new Map([
        ['aps-environment', '"production"'],
        ['get-task-allow', 'false'],
      ]),
      ...{ frameworks: ['Other', 'RevenueCat'], extensions: ['Share'], localisations: ['en'] },
      privacy: {
        ...{ tracking: true, trackingDomains: ['ads.example.org'], accessedApis: [] },
        collected: ['NSPrivacyCollectedDataTypeName'],
      },
    });
    expect(found.linkedLibraries).toHaveLength(2);
    expect(found.bytes).toBe([...found.files.values()].reduce((sum, { bytes }) => sum + bytes, 0));
  });

  it('tells signs of a business model and where they are', async () => {
    const { signals } = await described(RICH);

    expect(signals).toEqual([
      { kind: 'in-app-purchase', evidence: 'StoreKit', where: 'the executable' },
      { kind: 'paywall-sdk', evidence: 'RevenueCat', where: 'App/Frameworks/RevenueCat.framework' },
      { kind: 'paywall-sdk', evidence: 'PaywallScreen', where: 'App/PaywallScreen.nib' },
      {
        ...{ kind: 'subscription-words', evidence: 'Start your free trial' },
        where: 'App/en.lproj/Localizable.strings',
      },
    ]);
  });

  it('has the same names whatever the folder of the app is called', async () => {
    const [one, other] = [await described({}), await described({ folder: 'Renamed' })];

    expect(other.files).toEqual(one.files);
    expect([...one.files.keys()]).toEqual(['App/Info.plist', 'App/Example']);
  });

  it('takes the entitlements beside the executable where it is not signed', async () => {
    const content = writeXmlPlist({ 'application-identifier': 'X.com.example.app' });
    const name = `${IN_APP}/archived-expanded-entitlements.xcent`;

    const { entitlements } = await described({ extra: [{ name, content }] });

    expect(entitlements).toEqual(new Map([['application-identifier', '"X.com.example.app"']]));
  });

  it('says nothing of what is damaged or not there', async () => {
    const extra = ['PrivacyInfo.xcprivacy', 'archived-expanded-entitlements.xcent'].map((name) => ({
      ...{ name: `${IN_APP}/${name}`, content: 'no list' },
    }));

    const found = await described({ extra });

    expect(found).toMatchObject({ privacy: undefined, entitlements: undefined, signals: [] });
  });

  it('is refused with our errors only, whatever bytes are changed', async () => {
    const bytes = buildPackage({ ...RICH, entries: { stored: true } });

    await fc.assert(
      fc.asyncProperty(mutations, async (changes) =>
        onlyArchiveErrorsAsync(async () => describeBytes(mutate(bytes, changes))),
      ),
    );
  });
});
