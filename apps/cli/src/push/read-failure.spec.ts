import { describe, expect, it } from '@jest/globals';
import { ArchiveError } from '@rootcellar/model';
import { readFailure } from './read-failure.js';

function refusal(code: string): Error {
  return Object.assign(new Error(`${code}: /private/name`), { code });
}

describe('a backup that cannot be read', () => {
  it.each([
    ['ENOENT', 'BACKUP_CHANGING'],
    ['ENOTDIR', 'BACKUP_CHANGING'],
    ['ENAMETOOLONG', 'BACKUP_PATH_UNSAFE'],
    ['EACCES', 'BACKUP_NOT_FOUND'],
    ['EPERM', 'BACKUP_NOT_FOUND'],
    ['EIO', 'BACKUP_NOT_FOUND'],
    ['EMFILE', 'BACKUP_NOT_FOUND'],
  ])('for %s is %s, without the name of the file', (code, expected) => {
    expect(readFailure(refusal(code))).toMatchObject({
      code: expected,
      message: expect.not.stringContaining('private'),
      hint: expect.any(String),
    });
  });

  it('tells a Mac user what to allow', () => {
    expect(readFailure(refusal('EPERM'))).toMatchObject({
      hint: expect.stringContaining('Full Disk Access'),
    });
  });

  it('is told from other failures', () => {
    const others = [
      new ArchiveError('INTERRUPTED', 'Interrupted.'),
      refusal('ECONNRESET'),
      refusal('ERR_SQLITE_ERROR'),
      new TypeError('no function'),
      'text',
      undefined,
    ];

    expect(others.map(readFailure)).toEqual(others);
  });
});
