import { describe, expect, it } from '@jest/globals';
import { onDisk } from './disk-error.js';

function refusal(code: string): Error {
  return Object.assign(new Error(`${code}: write`), { code });
}

describe('a disk that refuses', () => {
  it.each([
    ['ENOSPC', 'STORAGE_FULL'],
    ['EDQUOT', 'STORAGE_FULL'],
    ['EROFS', 'DATA_UNUSABLE'],
    ['EACCES', 'DATA_UNUSABLE'],
    ['EIO', 'DATA_UNUSABLE'],
  ])('with %s is %s of that folder', async (code, expected) => {
    const refused = onDisk('/srv/data', () => Promise.reject(refusal(code)));

    await expect(refused).rejects.toMatchObject({
      code: expected,
      details: { folder: '/srv/data', reason: code },
    });
  });

  it('is told from a fault of ours', async () => {
    const fault = new TypeError('not a function');

    await expect(onDisk('/srv/data', () => Promise.reject(fault))).rejects.toBe(fault);
  });
});
