import { describe, expect, it } from '@jest/globals';
import { gearTable } from './gear-table.js';

describe('gearTable', () => {
  it('begins with the first block of AES-256-CTR under the seed', () => {
    const table = gearTable(new Uint8Array(32));

    // A zero block under a zero key: H of test case 13 in McGrew and Viega's specification of GCM.
    expect(Buffer.from(table.subarray(0, 16)).toString('hex')).toBe(
      'dc95c078a2408989ad48a21492842087',
    );
    expect(table).toHaveLength(2048);
  });

  it('differs from seed to seed', () => {
    expect(gearTable(new Uint8Array(32).fill(1))).not.toEqual(gearTable(new Uint8Array(32)));
  });

  it('takes no seed of another length', () => {
    expect(() => gearTable(new Uint8Array(16))).toThrow(RangeError);
  });
});
