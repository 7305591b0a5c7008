import { describe, expect, it } from '@jest/globals';
import type { PlistDict, PlistValue } from '../plist/plist-value.js';
import { storeMetadata } from '../testing/store-metadata.js';
import { writeBinaryPlist } from '../testing/write-binary-plist.js';
import { installedApps } from './installed-apps.js';

const dict = (entries: Readonly<Record<string, PlistValue>>): PlistDict =>
  new Map(Object.entries(entries));
const metadata = (bundleId: string): PlistDict =>
  dict({
    iTunesMetadata: writeBinaryPlist(storeMetadata({ bundleId, version: '3.1', build: '310' })),
  });

describe('the apps of a backup', () => {
  it('are those described and those listed, each once, in order', () => {
    const info = dict({
      Applications: dict({ 'com.b': metadata('com.b'), 'com.a': metadata('com.a') }),
      'Installed Applications': ['com.c', 'com.a', 'com.b'],
    });

    const apps = installedApps(info, dict({}));

    expect(apps.map(({ bundleId }) => bundleId)).toEqual(['com.a', 'com.b', 'com.c']);
    expect(apps.map(({ fromStore }) => fromStore)).toEqual([true, true, false]);
    expect(apps[0]).toMatchObject({ version: '3.1', build: '310', externalVersionId: '830001000' });
  });

  it('take the build of a side-loaded app from Manifest.plist', () => {
    const info = dict({ 'Installed Applications': ['com.side'] });
    const manifest = dict({ Applications: dict({ 'com.side': dict({ CFBundleVersion: '77' }) }) });

    expect(installedApps(info, manifest)).toMatchObject([
      { bundleId: 'com.side', build: '77', fromStore: false },
    ]);
  });

  it('are told when they were offloaded', () => {
    const info = dict({ Applications: dict({ 'com.a': dict({ IsDemotedApp: true }) }) });

    expect(installedApps(info, dict({}))).toMatchObject([{ offloaded: true, fromStore: false }]);
  });

  it('do not take the description of another app', () => {
    const info = dict({ Applications: dict({ 'com.a': metadata('com.other') }) });

    expect(installedApps(info, dict({}))).toMatchObject([{ version: undefined, fromStore: false }]);
  });

  it('leave out what is no bundle id', () => {
    const info = dict({
      Applications: dict({ '../../x': metadata('com.a'), '': metadata('com.a') }),
      'Installed Applications': [7, 'a b', 'x'.repeat(256), null, 'com.a'],
    });

    expect(installedApps(info, dict({})).map(({ bundleId }) => bundleId)).toEqual(['com.a']);
  });

  it('end where no device has more', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `com.example.app${index}`);

    expect(installedApps(dict({ 'Installed Applications': ids }), dict({}))).toHaveLength(5000);
  });
});
