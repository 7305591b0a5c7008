import { describe, expect, it } from '@jest/globals';
import { decodeRows } from './copy-out.js';

const HEAD = Buffer.from('5047434f50590aff0d0a0000000000', 'hex');
const END = 'ffff';

function copied(extension: string, ...rest: readonly string[]): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(extension.length / 2);
  return Buffer.concat([HEAD, length, Buffer.from(extension + rest.join('') + END, 'hex')]);
}

describe('decodeRows', () => {
  it('takes values apart; null is empty', () => {
    const rows = copied('', '0002', '00000002abcd', 'ffffffff', '0001', '00000000');

    expect(decodeRows(rows)).toEqual([
      [Buffer.from('abcd', 'hex'), Buffer.alloc(0)],
      [Buffer.alloc(0)],
    ]);
  });

  it('passes over an extension of the head', () => {
    expect(decodeRows(copied('ffffff', '0001', '00000001aa'))).toEqual([[Buffer.of(0xaa)]]);
  });

  it('of no rows is nothing', () => {
    expect(decodeRows(copied(''))).toEqual([]);
  });

  it('fails on what ends too early', () => {
    expect(() => decodeRows(copied('', '0001', '000000ff'))).toThrow(/out of range|outside/);
  });
});
