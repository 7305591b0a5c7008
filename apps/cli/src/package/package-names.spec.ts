import { describe, expect, it } from '@jest/globals';
import { isPackageName, unfinishedMarkers } from './package-names.js';

describe('the name of a package', () => {
  it.each(['App.ipa', 'App 1.2 (3).IPA', 'a.apk', 'a.apks', 'a.xapk', 'a.apkm', 'x.part.ipa'])(
    'may be %s',
    (name) => {
      expect(isPackageName(name)).toBe(true);
    },
  );

  it.each([
    ...['.ipa', '.App.ipa', '._App.ipa', '~$App.ipa', 'App.ipa.crdownload', 'App.ipa.part'],
    ...['App.ipa.download', 'App.ipa.tmp', 'App.zip', 'ipa', 'App.ipa.aria2', ''],
  ])('is not %j: hidden, unfinished, or something else', (name) => {
    expect(isPackageName(name)).toBe(false);
  });

  it('is of a file still written while a browser’s or tool’s own lies beside it', () => {
    const beside = ['App.ipa.part', 'App.ipa.crdownload', 'App.ipa.download', 'App.ipa.tmp'];

    expect(unfinishedMarkers('App.ipa')).toEqual(expect.arrayContaining(beside));
  });
});
