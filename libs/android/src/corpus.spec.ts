import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readerOfBytes } from '@rootcellar/zip';
import { inspectAndroidPackage } from './inspect-android-package.js';

/** Beside the repository; tests run from its root. */
const CORPUS = join(process.cwd(), '../shared/corpus/apk');

/** F-Droid signs its test packages so; `openssl x509 -fingerprint -sha256` says the same of META-INF/*.RSA. */
const SIGNER = '32a23624c201b949f085996ba5ed53d40f703aca4989476949cae891022e0ed6';
const POLITEDROID = [
  'android.permission.READ_CALENDAR',
  'android.permission.RECEIVE_BOOT_COMPLETED',
];
/** By the part of the file's name that tells it: package, version, code, minimum and target API level, schemes. */
const EXPECTED: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'com.politedroid_3.apk': ['com.politedroid', '1.2', '3', '3', undefined, 'v1'],
  'com.politedroid_4.apk': ['com.politedroid', '1.3', '4', '3', undefined, 'v1'],
  'com.politedroid_5.apk': ['com.politedroid', '1.4', '5', '3', '10', 'v1'],
  'com.politedroid_6.apk': ['com.politedroid', '1.5', '6', '14', '21', 'v1'],
  'v1.v2.sig_1020.apk': ['v1.v2.sig', 'v1+2', '1020', '21', undefined, 'v1 v2'],
  urzip: ['info.guardianproject.urzip', '0.1', '100', '4', '18', 'v1'],
};

// Registered only where the corpus lies beside the repository; nothing is skipped where it does not.
if (existsSync(CORPUS)) {
  const files = globSync('**/*.apk', { cwd: CORPUS }).map((file) => join(CORPUS, file));

  describe('the packages of the corpus', () => {
    it.each(files.map((file) => [basename(file), file]))('%s is what it is', async (name, file) => {
      const bytes = readFileSync(file);
      const facts = await inspectAndroidPackage(readerOfBytes(bytes), { size: bytes.length });

      const found = facts && [
        ...[facts.bundleId.replace('android:', ''), facts.version, facts.build],
        ...[facts.minSdk, facts.targetSdk, facts.signing.schemes.join(' ')],
      ];
      expect(found).toEqual(EXPECTED[name.startsWith('urzip') ? 'urzip' : name]);
      expect(facts?.signing).toMatchObject({ certificates: [SIGNER], damaged: false });
      expect(facts?.permissions).toEqual(name.startsWith('com.polite') ? POLITEDROID : []);
    });
  });
} else {
  describe('the corpus is not beside the repository, so nothing of it is tested', () => {
    it('is looked for in ../shared/corpus', () => {
      expect(CORPUS).toMatch(/shared.corpus.apk$/);
    });
  });
}
