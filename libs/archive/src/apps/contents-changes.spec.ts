import { describe, expect, it } from '@jest/globals';
import type { PackageContents } from '@rootcellar/ios';
import { contentsChanges } from './contents-changes.js';

const BEFORE: PackageContents = {
  ...{ v: 1, bytes: 100, files: 3, minimumOs: '12.0', deviceFamilies: [1], cut: false },
  ...{ requiredCapabilities: [], urlSchemes: [], backgroundModes: [], entitlements: null },
  permissions: ['NSCameraUsageDescription'],
  ...{ frameworks: ['Old', 'Same'], extensions: [], localisations: [], privacy: null },
  signals: [{ kind: 'in-app-purchase', evidence: 'StoreKit', where: 'App/Example' }],
};
const AFTER: PackageContents = {
  ...{ ...BEFORE, bytes: 90, minimumOs: '15.0', frameworks: ['Same', 'RevenueCat'] },
  permissions: ['NSCameraUsageDescription', 'NSContactsUsageDescription'],
  signals: [
    ...BEFORE.signals,
    { kind: 'paywall-sdk', evidence: 'RevenueCat', where: 'App/Frameworks' },
  ],
};

describe('what differs between two versions', () => {
  it('is told in short', () => {
    expect(contentsChanges(BEFORE, AFTER)).toEqual({
      bytes: -10,
      minimumOs: { from: '12.0', to: '15.0' },
      permissions: { added: ['NSContactsUsageDescription'], dropped: [] },
      frameworks: { added: ['RevenueCat'], dropped: ['Old'] },
      newSignals: [{ kind: 'paywall-sdk', evidence: 'RevenueCat' }],
    });
  });

  it('is nothing between the same', () => {
    expect(contentsChanges(BEFORE, BEFORE)).toMatchObject({ bytes: 0, newSignals: [] });
    expect(contentsChanges(BEFORE, BEFORE).minimumOs).toBeUndefined();
  });

  it('claims nothing of a list that was cut', () => {
    const none = { added: [], dropped: [] };

    expect(contentsChanges({ ...BEFORE, cut: true }, AFTER)).toMatchObject({
      ...{ bytes: -10, permissions: none, frameworks: none, newSignals: [] },
    });
  });

  it('names ten at most', () => {
    const frameworks = Array.from({ length: 50 }, (_, at) => `F${String(at)}`);

    expect(contentsChanges(BEFORE, { ...AFTER, frameworks }).frameworks.added).toHaveLength(10);
  });
});
