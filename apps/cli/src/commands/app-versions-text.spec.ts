import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { gapsText, timelineText } from './app-versions-text.js';

const AT = '2024-06-01T12:00:00Z';
const ENTRY: Schemas['TimelineEntryDto'] = {
  ...{ id: 'x', bundleId: 'com.example.notes', name: 'Notes', version: '4.0', build: '40' },
  ...{ externalVersionId: '400', alsoShown: [], releasedAt: null, packages: [], minimumOs: '16.0' },
  ...{ deviceFamilies: [1, 2], architectures: ['arm64'], seen: [], data: [], dataSnapshots: 0 },
  ...{ changes: null, subscription: null, gap: null },
};
const PACKAGE: Schemas['TimelinePackageDto'] = {
  ...{ artifactId: 'the-package', fileName: 'a.ipa', size: 2048, addedAt: AT, pinned: false },
  ...{ private: false, lent: false, buyer: { memberId: 'm', name: 'Ada' }, problems: [] },
  ...{ aloneBytes: 2000, sharedBytes: 500, freesBytes: 1500 },
  reasons: [{ code: 'last', text: '1st of 3 newest' }],
};

describe('a timeline as text', () => {
  it('says what is kept, where it was seen, and what changed', () => {
    const text = timelineText([
      {
        ...{ ...ENTRY, packages: [PACKAGE], subscription: 'from-here', dataSnapshots: 2 },
        seen: [{ deviceId: 'd', deviceName: 'Phone', firstAt: AT, lastAt: AT, installedNow: true }],
        data: [
          {
            ...{ snapshotId: 'the-snapshot', deviceId: 'd', takenAt: AT },
            ...{ encrypted: true, complete: true, offloaded: false },
          },
        ],
        changes: {
          ...{ since: '3.9', bytes: -1024, minimumOs: { from: '15.0', to: '16.0' } },
          permissions: { added: ['NSCameraUsageDescription'], dropped: [] },
          frameworks: { added: [], dropped: ['Old'] },
          newSignals: [{ kind: 'paywall-sdk', evidence: 'RevenueCat' }],
        },
      },
    ]);

    expect(text.split('\n')).toEqual([
      'Notes (com.example.notes), newest version first',
      '',
      '4.0 · build 40 · store 400 · iOS 16.0 or newer · iPhone and iPad · arm64 · the first that wants a subscription',
      '  package the-package  2.0 KiB · alone 2.0 KiB, shared 500 B, frees 1.5 KiB · bought with Ada’s Apple ID',
      '          kept: 1st of 3 newest',
      expect.stringMatching(/^ {2}seen {4}Phone, on .*2024.*, installed now$/),
      expect.stringMatching(/^ {2}data {4}in 2 backups, newest the-snapshot of .* \(encrypted\)$/),
      '  since 3.9: −1.0 KiB unpacked · iOS 15.0 → 16.0 · asks for Camera · gone frameworks Old · signs of payment RevenueCat (paywall-sdk)',
    ]);
  });

  it('says what is missing, and names linked bundle ids', () => {
    const gap = { kind: 'seen', next: 'Keep it.' } as const;
    const other = { ...ENTRY, bundleId: 'old.notes', version: null, build: null };

    const text = timelineText([{ ...ENTRY, gap, alsoShown: ['4.1'] }, other]);

    expect(text).toContain('Notes (old.notes → com.example.notes), newest version first');
    expect(text).toContain('elsewhere shown as 4.1');
    expect(text).toContain('\n  NO PACKAGE: Keep it.');
    expect(text).toContain('\nunknown version · store 400');
    expect(text).toContain('kept under another number of the store, or none');
  });

  it('shows what contradicts itself in a package, and no sizes of what was shared', () => {
    const bytes = { aloneBytes: null, sharedBytes: null, freesBytes: null };
    const shared = { ...PACKAGE, ...bytes, lent: true, buyer: null, reasons: [] };

    const text = timelineText([{ ...ENTRY, packages: [{ ...shared, problems: ['Odd.'] }] }]);

    expect(text).toContain('  package the-package  2.0 KiB · shared with you\n          ! Odd.');
  });
});

describe('gaps as text', () => {
  it('say which devices have the version, and what to do', () => {
    const text = gapsText(
      [
        {
          ...{ id: 'x', kind: 'about-to-be-lost', next: 'Do not update.', bundleId: 'com.a' },
          ...{ name: null, version: '3.0', build: null, externalVersionId: '300', itemId: null },
          ...{ fromStore: true, snapshots: 1, newestSnapshotId: 's' },
          devices: [
            { deviceId: 'd', deviceName: 'Phone', lastAt: AT, installedNow: true },
            { deviceId: 'e', deviceName: 'Tablet', lastAt: AT, installedNow: false },
          ],
        },
      ],
      'your devices',
    );

    expect(text).toContain('com.a 3.0 · store 300 · com.a · ABOUT TO BE LOST');
    expect(text).toMatch(/\n {2}on Phone, .*\n {2}last seen on Tablet, .*\n {2}Do not update\.$/);
  });

  it('say that there is none', () => {
    expect(gapsText([], 'Phone')).toBe(
      'No gap: of every version that Phone told of, a package is kept.',
    );
  });
});
