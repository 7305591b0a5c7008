import { describe, expect, it } from '@jest/globals';
import { infoPlist } from '../testing/backup-plists.js';
import { readStoreFiles } from './store-files.js';

const NOTHING = { sinf: undefined, metadata: undefined };

describe('what the store gave with an app', () => {
  it('is what Info.plist has of that app', () => {
    const info = infoPlist({ apps: [{ bundleId: 'com.example.app', version: '3.2' }] });

    const { sinf, metadata } = readStoreFiles(info, 'com.example.app');

    expect(Buffer.from(sinf ?? []).toString()).toBe('sinf');
    expect(
      Buffer.from(metadata ?? [])
        .subarray(0, 8)
        .toString(),
    ).toBe('bplist00');
  });

  it('is nothing for side-loaded apps, others, and lists that are broken', () => {
    const info = infoPlist({ apps: [{ bundleId: 'com.example.app', sideLoaded: true }] });

    expect(readStoreFiles(info, 'com.example.app')).toEqual(NOTHING);
    expect(readStoreFiles(info, 'com.example.other')).toEqual(NOTHING);
    expect(readStoreFiles(Buffer.from('<plist><dict>'), 'com.example.app')).toEqual(NOTHING);
  });
});
