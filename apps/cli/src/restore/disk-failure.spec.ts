import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '@rootcellar/model';
import { tempFolder } from '../testing/temp-folder.js';
import { diskFailure } from './disk-failure.js';

function refusal(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('a target that cannot be written', () => {
  it.each(['ENOSPC', 'EDQUOT'])('has no room (%s): try again when there is some', (code) => {
    expect(diskFailure(refusal(code))).toMatchObject({
      code: 'RESTORE_TARGET_FULL',
      kind: 'full',
      hint: expect.stringContaining('goes on'),
    });
  });

  it.each(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENAMETOOLONG', 'EIO'])(
    'refuses (%s)',
    (code) => {
      expect(diskFailure(refusal(code))).toMatchObject({
        code: 'RESTORE_TARGET_FAILED',
        message: expect.stringContaining(code),
      });
    },
  );

  it('is recognised as the system really says it', async () => {
    await using temp = await tempFolder();
    await writeFile(join(temp.path, 'file'), '');
    let thrown: unknown;

    try {
      writeFileSync(join(temp.path, 'file', 'below'), '');
    } catch (error) {
      thrown = error;
    }

    expect(diskFailure(thrown)).toMatchObject({ code: 'RESTORE_TARGET_FAILED' });
  });

  it('is recognised as full on a disk that is', () => {
    let thrown: unknown;

    try {
      // Linux's device that has no room, ever.
      writeFileSync('/dev/full', 'bytes');
    } catch (error) {
      thrown = error;
    }

    expect(diskFailure(thrown)).toMatchObject({ code: 'RESTORE_TARGET_FULL' });
  });

  it('is told from other failures', () => {
    const others = [
      new ArchiveError('CHUNK_DAMAGED', 'Damaged.'),
      refusal('ECONNRESET'),
      refusal('ERR_STREAM_PREMATURE_CLOSE'),
      new RangeError('a bug'),
      'text',
    ];

    expect(others.map(diskFailure)).toEqual(others);
  });
});
