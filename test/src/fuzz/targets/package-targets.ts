import { inspectPackage, readerOfBytes } from '@rootcellar/ios';
import { buildPackage, storeMetadata, writeZip } from '@rootcellar/ios/testing';
import type { Target } from '../target.js';

const INFO = `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>
  <key>CFBundleIdentifier</key><string>com.example.app</string>
  <key>CFBundleShortVersionString</key><string>1.0</string>
  <key>CFBundleVersion</key><string>1</string></dict></plist>`;

/** What reads app packages. */
export function packageTargets(): readonly Target[] {
  const metadata = storeMetadata({ bundleId: 'com.example.app' });
  return [
    {
      name: 'package',
      seeds: [
        buildPackage(),
        buildPackage({ infoForm: 'xml', entries: { stored: true } }),
        buildPackage({
          metadata,
          sinf: true,
          artwork: true,
          watchApp: true,
          extensions: ['Share'],
        }),
        buildPackage({ zip: { zip64: true, comment: 'a comment' }, entries: { zip64: true } }),
        buildPackage({ entries: { dataDescriptor: true }, frameworks: ['Kit'] }),
        buildPackage({ executable: { architectures: ['armv7', 'arm64'], codeBytes: 3000 } }),
        buildPackage({ extra: [{ name: 'Payload/Example.app/naïve.txt', content: 'x' }] }),
      ],
      run: async (input) =>
        (await inspectPackage(readerOfBytes(input), { size: input.length })).entries,
    },
    {
      // Stored, so that what is inside of the property lists is hit and not their deflated form.
      name: 'package-info',
      seeds: [
        buildPackage({ metadata, entries: { stored: true } }),
        buildPackage({ infoForm: 'xml', metadata, entries: { stored: true } }),
      ],
      run: async (input) =>
        (await inspectPackage(readerOfBytes(input), { size: input.length })).entries,
    },
    {
      name: 'package-directory',
      seeds: [
        writeZip([
          { name: 'Payload/' },
          ...Array.from({ length: 300 }, (_, n) => ({ name: `Payload/E.app/${n}`, stored: true })),
          { name: 'Payload/E.app/Info.plist', content: INFO },
        ]),
      ],
      run: async (input) =>
        (await inspectPackage(readerOfBytes(input), { size: input.length })).entries,
    },
  ];
}
