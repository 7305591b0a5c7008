import { assembleBinaryPlist } from '@rootcellar/ios/testing';
import type { BinaryPlistPart } from '@rootcellar/ios/testing';

const DEPTH = 100_000;

/** Arrays in arrays, deeper than any stack. */
export function nestedXmlPlist(): Buffer {
  const inside = '<array>'.repeat(DEPTH) + '</array>'.repeat(DEPTH);
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>k</key>${inside}</dict></plist>`,
  );
}

/** Arrays of one array each. */
export function nestedBinaryPlist(): Buffer {
  const parts = Array.from({ length: DEPTH }, (_, n): BinaryPlistPart => ({
    container: 'array',
    refs: n + 1 < DEPTH ? [n + 1] : [],
  }));
  return assembleBinaryPlist({ parts, refBytes: 4 });
}

/** A "billion laughs": each of 20 arrays names the next one ten times. */
export function repeatingBinaryPlist(): Buffer {
  const parts = Array.from({ length: 20 }, (_, n): BinaryPlistPart => ({
    container: 'array',
    refs: n + 1 < 20 ? Array<number>(10).fill(n + 1) : [],
  }));
  return assembleBinaryPlist({ parts });
}

/** Says of its top object that it is 2^63 − 1 bytes long. */
export function hugeIntegerPlist(): Buffer {
  const length = Buffer.from('4f137fffffffffffffff', 'hex');
  return assembleBinaryPlist({ parts: [length] });
}
