import { describe, expect, it } from '@jest/globals';
import { ArchiveError } from '@rootcellar/model';
import { notUnderstood } from './package-file.js';

describe('a kept package that cannot be understood', () => {
  it.each(['PACKAGE_NO_APP', 'PLIST_INVALID'] as const)(
    'says so, and that it is kept: %s',
    (code) => {
      const error = notUnderstood(new ArchiveError(code, 'Nothing was kept of it.'), 'a.ipa');

      expect(error).toMatchObject({ code: 'PACKAGE_NOT_UNDERSTOOD', details: { because: code } });
      expect(String(error)).toContain('a.ipa');
      expect(String(error)).not.toContain('Nothing was kept');
    },
  );

  it.each([new ArchiveError('CHUNK_DAMAGED', 'damaged'), new Error('a fault')])(
    'is not blamed for what is not its fault: %p',
    (error) => {
      expect(notUnderstood(error, 'a.ipa')).toBe(error);
    },
  );
});
