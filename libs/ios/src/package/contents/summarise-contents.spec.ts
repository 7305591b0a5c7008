import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PackageDescription } from './package-description.js';
import { summariseContents } from './summarise-contents.js';

const EMPTY: PackageDescription = {
  ...{ bundleId: 'com.example.app', name: 'Example', version: '1.0', build: '1' },
  ...{ minimumOs: '12.0', deviceFamilies: [1, 2], requiredCapabilities: [], bytes: 0 },
  files: new Map(),
  permissions: new Map(),
  ...{ urlSchemes: [], backgroundModes: [], entitlements: undefined, frameworks: [] },
  ...{ linkedLibraries: [], extensions: [], localisations: [], privacy: undefined, signals: [] },
};
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('the summary of what is inside of a package', () => {
  it('names what there is, without files, sentences and values', () => {
    const summary = summariseContents({
      ...EMPTY,
      bytes: 5,
      files: new Map([['App/secret.txt', { bytes: 5, crc32: 1 }]]),
      permissions: new Map([['NSCameraUsageDescription', 'To scan receipts']]),
      entitlements: new Map([['aps-environment', '"production"']]),
      frameworks: ['RevenueCat'],
      signals: [{ kind: 'paywall-sdk', evidence: 'RevenueCat', where: 'App/Frameworks' }],
    });

    expect(summary).toMatchObject({
      ...{ v: 1, bytes: 5, files: 1, minimumOs: '12.0', privacy: null, cut: false },
      ...{ permissions: ['NSCameraUsageDescription'], entitlements: ['aps-environment'] },
      signals: [{ kind: 'paywall-sdk', evidence: 'RevenueCat', where: 'App/Frameworks' }],
    });
    expect(JSON.stringify(summary)).not.toMatch(/secret|receipts|production/);
  });

  it('is what its JSON says', () => {
    const summary = summariseContents(EMPTY);

    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  it('says that it was cut', () => {
    const urlSchemes = Array.from({ length: 1000 }, (_, at) => `scheme${String(at)}`);

    const summary = summariseContents({ ...EMPTY, urlSchemes });

    expect(summary.cut).toBe(true);
    expect(summary.urlSchemes).toEqual(urlSchemes.slice(0, 400));
  });

  it('has at most 64 KiB, whatever there is', () => {
    const texts = fc
      .tuple(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(3000))
      .map(([text, times]) =>
        Array.from({ length: times }, (_, at) => `${String(at)}${text.repeat(3)}`),
      );
    fc.assert(
      fc.property(texts, texts, texts, (frameworks, urlSchemes, collected) => {
        const summary = summariseContents({
          ...{ ...EMPTY, frameworks, urlSchemes, localisations: urlSchemes },
          privacy: { tracking: false, trackingDomains: frameworks, collected, accessedApis: [] },
          signals: frameworks.map((evidence) => ({
            kind: 'subscription-words',
            evidence,
            where: evidence,
          })),
        });

        expect(sizeOf(summary)).toBeLessThanOrEqual(64 * 1024);
      }),
      { numRuns: 20 },
    );
  });
});
