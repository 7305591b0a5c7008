import { describe, expect, it } from '@jest/globals';
import { buildPackage } from '../../testing/build-package.js';
import type { PackageSpec } from '../../testing/build-package.js';
import { writeXmlPlist } from '../../testing/write-xml-plist.js';
import { readerOfBytes } from '@rootcellar/zip';
import { comparePackages } from './compare-packages.js';
import type { PackageChanges } from './compare-packages.js';
import { describePackage } from './describe-package.js';

async function changes(before: PackageSpec, after: PackageSpec): Promise<PackageChanges> {
  const [one, other] = await Promise.all(
    [before, after].map(async (spec) => {
      const bytes = buildPackage(spec);
      return describePackage(readerOfBytes(bytes), { size: bytes.length });
    }),
  );
  if (one === undefined || other === undefined) throw new Error('two were described');
  return comparePackages(one, other, { largest: 2 });
}

const file = (name: string, content: string): { name: string; content: string } => ({
  ...{ name: `Payload/Example.app/${name}`, content },
});
const signed = (rights: Record<string, string>): PackageSpec => ({
  executable: { entitlements: writeXmlPlist(rights) },
});

describe('two versions of an app', () => {
  it('differ by files that came, went and changed; the largest are named', async () => {
    const { files } = await changes(
      { extra: [file('a', 'x'.repeat(100)), file('b', 'one'), file('c', 'same')] },
      { extra: [file('b', 'two'), file('c', 'same'), file('d', 'x'.repeat(50))] },
    );

    expect(files).toMatchObject({ added: 1, removed: 1, changed: 1, same: 3 });
    expect(files.largest).toEqual([
      { path: 'App/a', bytesBefore: 100, bytesAfter: undefined },
      { path: 'App/d', bytesBefore: undefined, bytesAfter: 50 },
    ]);
  });

  it('differ by what they ask of device and owner', async () => {
    const found = await changes(
      { info: { NSCameraUsageDescription: 'a', NSMicrophoneUsageDescription: 'b' } },
      {
        info: {
          ...{ NSCameraUsageDescription: 'c', NSContactsUsageDescription: 'd' },
          ...{ MinimumOSVersion: '16.0', UIDeviceFamily: [1] },
        },
        frameworks: ['Adapty'],
      },
    );

    expect(found).toMatchObject({
      minimumOs: { before: '12.0', after: '16.0' },
      deviceFamilies: { before: [1, 2], after: [1] },
      permissions: {
        added: ['NSContactsUsageDescription'],
        removed: ['NSMicrophoneUsageDescription'],
        reworded: ['NSCameraUsageDescription'],
      },
      frameworks: { added: ['Adapty'], removed: [] },
      signals: { appeared: [{ kind: 'paywall-sdk', evidence: 'Adapty' }], gone: [] },
    });
  });

  it('differ by entitlements where both can be read', async () => {
    const found = await changes(signed({ a: '1', b: '1' }), signed({ b: '2', c: '1' }));
    const unknown = await changes(signed({ a: '1' }), {});

    expect(found.entitlements).toEqual({ added: ['c'], removed: ['a'], changed: ['b'] });
    expect(unknown.entitlements).toBeUndefined();
  });

  it('are the same when they are the same', async () => {
    const found = await changes({ frameworks: ['Adapty'] }, { frameworks: ['Adapty'] });

    expect(found.files).toMatchObject({ added: 0, removed: 0, changed: 0, largest: [] });
    expect(found.signals).toEqual({ appeared: [], gone: [] });
    expect(found.minimumOs).toBeUndefined();
  });
});
